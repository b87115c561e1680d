import type { DeploymentOptions } from "../deployment.ts";
import type { ModelOptions } from "../engine.ts";
import { LlmError } from "../errors.ts";
import type { Transport } from "../transport.ts";
import { Group } from "./group.ts";
import { Member } from "./member.ts";
import type { Fallbacks, RouterSettings } from "./settings.ts";
import { weightsOf } from "./weights.ts";

export interface GroupsOptions {
  readonly models: readonly ModelOptions[];
  readonly settings: RouterSettings;
  readonly random: () => number;
  readonly now: () => number;
  readonly modelFor: ((name: string) => DeploymentOptions | undefined) | undefined;
  readonly create: (alias: string, options: DeploymentOptions) => Transport;
}

/** Of models that nobody configured, so many are remembered. */
const rememberedModels = 1_000;

/** Every model by its names. */
export class Groups {
  /** The names that are shown. */
  readonly listed: readonly string[];
  readonly #options: GroupsOptions;
  readonly #groups = new Map<string, Group>();
  readonly #unlisted = new Map<string, Group>();

  /** @throws LlmError `invalid_request` */
  constructor(options: GroupsOptions) {
    this.#options = options;
    const { models, settings } = options;
    const byName = Map.groupBy(models, ({ name }) => name);
    for (const [name, deployments] of byName) this.#groups.set(name, this.#group(name, deployments));
    const listed = [...byName.keys()];
    for (const [alias, target] of Object.entries(settings.modelGroupAlias ?? {})) {
      const { model, hidden = false } = typeof target === "string" ? { model: target } : target;
      const group = this.#existing(model, `modelGroupAlias["${alias}"]`);
      // A name that is a model's own stays that model's.
      if (this.#groups.has(alias)) continue;
      this.#groups.set(alias, group);
      if (!hidden) listed.push(alias);
    }
    this.listed = listed;
    this.#checkFallbacks(settings);
  }

  get(name: string): Group | undefined {
    return this.#groups.get(name) ?? this.#unlisted.get(name) ?? this.#unconfigured(name);
  }

  #group(name: string, deployments: readonly ModelOptions[]): Group {
    const { random, now, create } = this.#options;
    const weights = weightsOf(deployments);
    const members = deployments.map(
      (deployment, index) => new Member(create(name, deployment), weights[index] ?? 0, deployment.numRetries),
    );
    return new Group(name, members, random, now);
  }

  #unconfigured(name: string): Group | undefined {
    const deployment = this.#options.modelFor?.(name);
    if (deployment === undefined) return undefined;
    const group = this.#group(name, [{ name, ...deployment }]);
    const [oldest] = this.#unlisted.keys();
    if (oldest !== undefined && this.#unlisted.size >= rememberedModels) this.#unlisted.delete(oldest);
    this.#unlisted.set(name, group);
    return group;
  }

  #existing(name: string, place: string): Group {
    const group = this.get(name);
    if (group !== undefined) return group;
    const message = `${place} names the model "${name}", which is not configured: add it to the models`;
    throw new LlmError({ code: "invalid_request", message, param: place });
  }

  #checkFallbacks(settings: RouterSettings): void {
    const { fallbacks, contextWindowFallbacks, contentPolicyFallbacks, defaultFallbacks = [] } = settings;
    const lists: Record<string, Fallbacks> = {
      fallbacks: fallbacks ?? {},
      contextWindowFallbacks: contextWindowFallbacks ?? {},
      contentPolicyFallbacks: contentPolicyFallbacks ?? {},
    };
    for (const [list, entries] of Object.entries(lists)) {
      for (const [model, names] of Object.entries(entries)) {
        for (const name of names) this.#existing(name, `${list}["${model}"]`);
      }
    }
    for (const name of defaultFallbacks) this.#existing(name, "defaultFallbacks");
  }
}
