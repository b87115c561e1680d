export { type LoadedConfig, type LoadOptions, loadConfig } from "./config/load-config.ts";
export { ConfigError, formatProblems, type Problem } from "./config/problem.ts";
export { createLog, type Log, type LogOptions } from "./log.ts";
export { Metrics } from "./server/metrics/metrics.ts";
export { type Server, type ServerOptions, startServer } from "./server/server.ts";
export { UserError } from "./user-error.ts";
