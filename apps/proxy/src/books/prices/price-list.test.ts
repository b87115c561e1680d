import { expect, test } from "vitest";
import { PriceList } from "./price-list.ts";

const usage = { promptTokens: 1, completionTokens: 0, cachedTokens: 0 };

test("the price is that of the deployment that answered, and the first one's where nobody says which", () => {
  const prices = new PriceList([
    { name: "a", model: "azure/one", inputCostPerToken: 1 },
    { name: "a", model: "azure/two", inputCostPerToken: 2 },
    { name: "a", model: "azure/two", inputCostPerToken: 3 },
    { name: "a", model: "azure/nobody-knows" },
  ]);
  const dollars = (deployment?: string) => (prices.find("a", deployment)?.(usage) ?? 0) / 1e9;
  expect([dollars(), dollars("azure/one"), dollars("azure/two"), dollars("azure/gone")]).toEqual([
    1, 1, 2, 1,
  ]);
  expect(prices.find("a", "azure/nobody-knows")).toBeUndefined();
  expect(prices.find("b", "azure/one")).toBeUndefined();
});
