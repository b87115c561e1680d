/** A failure that its message explains to the person at the terminal: shown without a stack. */
export class UserError extends Error {
  override readonly name: string = "UserError";
}
