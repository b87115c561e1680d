import { expectValue } from "../expectation.ts";
import type { ProviderPromise } from "../promise.ts";
import type { Trial } from "../trial.ts";
import { broke } from "../verdict.ts";

const handOn =
  "Hand the store's text on as it is: no parsing, no trimming, no normalising, no default for an empty one.";

export const values: readonly ProviderPromise[] = [
  {
    id: "found-is-exact",
    title: "a secret that the store holds is found, with exactly its value",
    remedy: `Return { value } with what the store answered. ${handOn}`,
    async check(trial) {
      const stage = await trial.open();
      const { value } = await stage.seed(stage.names[0]);
      expectValue("A read of a seeded secret", await stage.attempt(stage.names[0]), value, stage);
    },
  },
  {
    id: "empty-is-found",
    title: "an empty string is a value, not an absence",
    remedy: "Compare with `undefined`; a truth test (`if (value)`, `value || …`) loses the empty string.",
    needs: ["empty values"],
    check: (trial) => keepsEach(trial, { "an empty string": "" }),
  },
  {
    id: "nothing-is-coerced",
    title: "text that looks like another type stays text",
    remedy: handOn,
    check: (trial) =>
      keepsEach(trial, {
        "the text true": "true",
        "the text null": "null",
        "the text undefined": "undefined",
        "the text 007": "007",
        "a number beyond what a number can hold": "123456789012345678901",
        "a JSON object": '{ "password": "a", "port": 5432 }',
        "a JSON string with its quotes": '"quoted"',
      }),
  },
  {
    id: "nothing-is-interpreted",
    title: "escapes, quotes, comments and encodings in a value are left alone",
    remedy: `${handOn} If the fault is in how the harness writes the value into the store, escape it there.`,
    check: (trial) =>
      keepsEach(trial, {
        backslashes: "C:\\new\\table",
        "a percent-encoded text": "a%20b%2Fc+d",
        "HTML entities": "<a>&amp;</a>",
        "a comment sign": "before # after",
        "base64 text": "aGVsbG8gd29ybGQ=",
        apostrophes: "it's 'so'",
        "a connection string": "postgres://user:p@ss=w0rd;$1@host/db?ssl=true",
      }),
  },
  {
    id: "nothing-is-trimmed",
    title: "white space at the ends of a value is kept",
    remedy: handOn,
    needs: ["surrounding white space"],
    check: (trial) =>
      keepsEach(trial, {
        "spaces at both ends": "  padded  ",
        "only a space": " ",
        "a tab": "\ta\t",
      }),
  },
  {
    id: "unicode-is-kept",
    title: "any Unicode text is kept, code point for code point",
    remedy:
      'Decode UTF-8 once, over the whole body, with new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }): ' +
      "without ignoreBOM it eats a leading U+FEFF, and chunks decoded one by one break characters.",
    needs: ["unicode values"],
    check: (trial) =>
      keepsEach(trial, {
        "letters of several scripts": "žluťoučký Ελλάδα 日本語 עברית",
        "emoji outside the basic plane": "key-🔑-👩‍👩‍👧",
        "decomposed letters": "e\u0301 is not \u00e9",
        "a leading U+FEFF": "\ufeffmark",
        "a long text of many-byte characters": "é🔑".repeat(500),
      }),
  },
  {
    id: "lines-are-kept",
    title: "line breaks inside a value are kept, as they are",
    remedy: handOn,
    needs: ["multi-line values"],
    check: (trial) =>
      keepsEach(trial, {
        "a key in PEM form":
          "-----BEGIN PRIVATE KEY-----\nMIIBVAIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----",
        "Windows line ends": "first\r\nsecond",
        "empty lines": "first\n\n\nfourth",
      }),
  },
  {
    id: "readings-are-well-formed",
    title: "a reading's version is a string and its timestamps are valid dates",
    remedy:
      "Leave out what the store does not say; turn numbers into strings and timestamps into Date objects.",
    async check(trial) {
      const stage = await trial.open();
      const { value } = await stage.seed(stage.names[0]);
      const reading = expectValue("A read", await stage.attempt(stage.names[0]), value, stage);
      if (reading.version !== undefined && (typeof reading.version !== "string" || reading.version === "")) {
        broke("The reading's version is neither a string with content nor undefined.");
      }
      for (const field of ["createdAt", "updatedAt", "expiresAt"] as const) {
        const date: unknown = reading[field];
        if (date === undefined || (date instanceof Date && !Number.isNaN(date.getTime()))) continue;
        broke(`The reading's ${field} is neither a valid Date nor undefined.`);
      }
    },
  },
];

/** Each sample under a name of its own in a store of its own, so that a cache cannot be blamed here. */
async function keepsEach(trial: Trial, samples: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(samples)) {
    const stage = await trial.open();
    await stage.seed(stage.names[0], value);
    expectValue(`A read of ${label}`, await stage.attempt(stage.names[0]), value, stage);
  }
}
