/** A program that reads `VALUE`, prints its length, and has come to its end once its input has: it closes nothing. */
import { once } from "node:events";
import { createSecrets } from "@keyward/core";
import { gcpKms } from "../src/index.ts";

const secrets = createSecrets({ providers: [gcpKms()] });
console.log((await secrets.get("VALUE")).length);
await once(process.stdin.resume(), "end");
