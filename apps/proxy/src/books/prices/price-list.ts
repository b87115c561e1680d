import { findPrice, type Price, type PricedModel } from "./prices.ts";

/** The prices of a configuration's models, each found once. */
export class PriceList {
  readonly #models = new Map<string, Map<string, Price | undefined>>();

  constructor(models: readonly PricedModel[]) {
    for (const priced of models) {
      const deployments = this.#models.get(priced.name) ?? new Map<string, Price | undefined>();
      this.#models.set(priced.name, deployments);
      // Of two that nothing tells apart, the first counts.
      if (!deployments.has(priced.model)) deployments.set(priced.model, findPrice(priced));
    }
  }

  /**
   * @param name the name that clients ask for
   * @param deployment the model string of the one that answered; without it, or when it is no more, the first counts
   */
  find(name: string, deployment = ""): Price | undefined {
    const deployments = this.#models.get(name);
    if (deployments === undefined) return undefined;
    if (deployments.has(deployment)) return deployments.get(deployment);
    const [first] = deployments.values();
    return first;
  }
}
