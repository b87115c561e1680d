import { UserError } from "../../user-error.ts";

/** The database was made by a newer Keyward than this one. */
export class NewerSchemaError extends UserError {
  override readonly name = "NewerSchemaError";
}
