import type { OpenBooks } from "../open-books.ts";
import type { Body } from "./fields.ts";

/** A question about keys or spend. */
export interface Question {
  readonly query: URLSearchParams;
  /** Empty for GET. */
  readonly body: Body;
  /** The part of the path that names a key, where there is one. */
  readonly named: string | undefined;
  /** @throws whatever the database says when it is away */
  readonly open: () => Promise<OpenBooks>;
  readonly isMasterKey: (key: string) => boolean;
}

export interface BooksEndpoint {
  readonly path: string;
  readonly method: "GET" | "POST";
  /** One line for the documentation. */
  readonly summary: string;
  /** The JSON of the answer. @throws Refused */
  answer(question: Question): Promise<unknown>;
}
