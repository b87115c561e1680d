export { type DotenvProvider, dotenv } from "./dotenv.ts";
export type { DotenvOptions } from "./options.ts";
