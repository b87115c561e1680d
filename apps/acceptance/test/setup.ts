import { rm } from "node:fs/promises";
import type { TestProject } from "vitest/node";
import { type Installation, install } from "./installation.ts";

declare module "vitest" {
  interface ProvidedContext {
    installation: Installation;
  }
}

/** Packs and installs once for all test files. */
export default async function setup(project: TestProject) {
  const installation = await install();
  project.provide("installation", installation);
  return () => rm(installation.folder, { recursive: true, force: true });
}
