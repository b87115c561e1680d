import { expect, test } from "vitest";
import { providerPromises } from "../../src/index.ts";
import { brokenConduct } from "./conduct.ts";
import { brokenFailures } from "./failures.ts";
import { brokenLookups } from "./lookups.ts";
import { brokenTraces } from "./traces.ts";
import { brokenValues } from "./values.ts";

test("every promise is broken by some provider, so that every check is known to notice", () => {
  const providers = [brokenValues, brokenLookups, brokenFailures, brokenConduct, brokenTraces].flatMap(
    Object.values,
  );
  const broken = new Set(providers.flatMap(({ breaks }) => breaks));
  expect(providerPromises.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([]);
});
