/** A status and a text, as a server answers them. */
export type Answer = readonly [status: number, message: string, error: string];

/** What servers of two generations say. The texts are the real servers'. */
export interface Dialect {
  readonly secretMissing: (name: string) => Answer;
  readonly folderMissing: (path: string, environment: string) => Answer;
  readonly projectMissing: (id: string) => Answer;
  readonly notAllowed: Answer;
  readonly badCredentials: Answer;
  readonly tokenExpired: Answer;
  readonly tokenRevoked: Answer;
}

/** 2024: bad requests are 400, roles 401, tokens 403 or an unhandled 500. */
const old: Dialect = {
  secretMissing: () => [400, "Secret not found", "BadRequest"],
  folderMissing: () => [400, "Folder not found", "BadRequest"],
  projectMissing: () => [400, "Project not found", "BadRequest"],
  notAllowed: [401, "You are not allowed to read on secrets", "PermissionDenied"],
  badCredentials: [403, "Invalid credentials", "UnauthorizedError"],
  tokenExpired: [500, "jwt expired", "TokenExpiredError"],
  tokenRevoked: [403, "You are not allowed to access this resource", "UnauthorizedError"],
};

const current: Dialect = {
  secretMissing: (name) => [404, `Secret with name '${name}' not found`, "NotFound"],
  folderMissing: (path, environment) => [
    404,
    `Folder with path '${path}' in environment with slug '${environment}' not found`,
    "GetSecretByName",
  ],
  projectMissing: (id) => [404, `Project with ${id} not found`, "NotFound"],
  notAllowed: [403, "You are not allowed to readValue on secrets", "PermissionDenied"],
  badCredentials: [401, "Invalid credentials", "UnauthorizedError"],
  tokenExpired: [403, "Your token has expired. Please re-authenticate.", "TokenError"],
  tokenRevoked: [401, "You are not allowed to access this resource", "UnauthorizedError"],
};

export const dialects = { old, new: current };
export type DialectName = keyof typeof dialects;
