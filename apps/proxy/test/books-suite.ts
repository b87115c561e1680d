import { hash } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "vitest";
import type { DatabasePlace } from "../src/books/database/books-database.ts";
import { type Answer, ask, booksProxy, upstreamKey } from "./books-proxy.ts";
import { type Databases, databaseKinds, databases } from "./database-places.ts";
import { type FakeOpenAi, fakeOpenAi } from "./fake-openai.ts";
import { postgresPassword } from "./postgres.ts";
import { masterKey, type RunningProxy } from "./running-proxy.ts";

export const messages = [{ role: "user" as const, content: "Hi" }];

/** A proxy with books, for tests that hold on every kind of database. */
export interface BooksUnderTest {
  readonly kind: DatabasePlace["kind"];
  readonly proxy: RunningProxy;
  readonly upstream: FakeOpenAi;
  /** Every key that `generate` made. A test adds those that it makes in another way. */
  readonly keys: string[];
  generate(body?: object): Promise<string>;
  call(key: string, model?: string): Promise<Answer>;
}

export function tokenOf(key: string): string {
  return hash("sha256", key, "hex");
}

/** Runs the tests on every kind of database; after each, no key and no password may stand in the log. */
export function describeBooks(tests: (books: BooksUnderTest) => void): void {
  let all: Databases;
  let upstream: FakeOpenAi;
  beforeAll(async () => {
    [all, upstream] = await Promise.all([databases(), fakeOpenAi([upstreamKey])]);
  });
  afterAll(async () => {
    await all[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  });

  describe.each(databaseKinds)("with %s", (kind) => {
    let proxy: RunningProxy;
    const keys: string[] = [];
    beforeAll(async () => {
      proxy = await booksProxy(all, upstream, kind);
    });
    beforeEach(() => {
      upstream.instead = undefined;
    });
    afterEach(() => {
      const log = proxy.log.join("");
      for (const secret of [upstreamKey, masterKey, postgresPassword, ...keys, ...keys.map(tokenOf)])
        expect(log).not.toContain(secret);
    });
    afterAll(() => proxy[Symbol.asyncDispose]());

    tests({
      kind,
      keys,
      get proxy() {
        return proxy;
      },
      get upstream() {
        return upstream;
      },
      async generate(body = {}) {
        const answer = await ask(proxy, "/key/generate", body);
        expect(answer.status).toBe(200);
        keys.push(answer.body.key);
        return answer.body.key;
      },
      call: (key, model = "alias") => ask(proxy, "/v1/chat/completions", { model, messages }, key),
    });
  });
}
