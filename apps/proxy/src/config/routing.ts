import { isReference, type Secrets } from "@keyward/core";
import { type LitellmFallbacks, type RouterSettings, routerSettingsFrom } from "@keyward/llm";
import type { ConfigNotes } from "./config-notes.ts";
import type { Path } from "./path.ts";
import { nearest } from "./reader.ts";
import type { Configuration } from "./sections.ts";

type Section = NonNullable<Configuration["litellm_settings"]>;
type Aliases = NonNullable<RouterSettings["modelGroupAlias"]>;
type FallbackList = "fallbacks" | "context_window_fallbacks" | "content_policy_fallbacks";

/**
 * How calls find their way among the models of a configuration.
 * @param resolved the configuration with every reference replaced
 */
export function readRouting(
  resolved: Configuration,
  secrets: Pick<Secrets, "redact">,
  notes: ConfigNotes,
): RouterSettings {
  const { router_settings: router = {}, litellm_settings: general = {}, model_list: models } = resolved;
  // What is wrong with the models has been told, and who knows what they are called.
  if (models === undefined && notes.failed) return {};
  const known = new Set((models ?? []).flatMap(({ model_name: name }) => name ?? []));

  /** A reference may have led to something secret. */
  const unknown = (name: string): string => {
    const near = nearest(name, [...known]);
    const remedy = near === undefined ? "add it there, or correct the name" : `did you mean "${near}"?`;
    return secrets.redact(`"${name}" is no model_name in model_list: ${remedy}`);
  };
  const check = (name: string, path: Path): void => {
    // One that could not be resolved has been told.
    if (!known.has(name) && !isReference(name)) notes.error(path, unknown(name));
  };

  function readAliases(): Aliases {
    const aliases: [string, Aliases[string]][] = [];
    for (const [name, target] of router.model_group_alias ?? []) {
      const path = ["router_settings", "model_group_alias", name];
      const { model, hidden = false } = typeof target === "string" ? { model: target } : target;
      if (model === undefined) continue;
      check(model, path);
      if (known.has(name)) notes.warn(path, `"${name}" is a model_name in model_list, which goes before`);
      known.add(name);
      aliases.push([name, { model, hidden }]);
    }
    return Object.fromEntries(aliases);
  }

  function readFallbacks(path: Path, entries: Section["fallbacks"]): LitellmFallbacks | undefined {
    return entries?.map((entry, index) => {
      for (const [from, names] of entry) {
        const place = [...path, index, from];
        if (from !== "*" && !known.has(from)) notes.warn(place, unknown(from));
        for (const [at, name] of names.entries()) check(name, [...place, at]);
      }
      return Object.fromEntries(entry);
    });
  }

  function readSection(name: string, section: Section) {
    for (const [index, model] of (section.default_fallbacks ?? []).entries()) {
      check(model, [name, "default_fallbacks", index]);
    }
    const read = (list: FallbackList) => readFallbacks([name, list], section[list]);
    return {
      ...section,
      fallbacks: read("fallbacks"),
      context_window_fallbacks: read("context_window_fallbacks"),
      content_policy_fallbacks: read("content_policy_fallbacks"),
    };
  }

  const model_group_alias = readAliases();
  return routerSettingsFrom(
    { ...router, ...readSection("router_settings", router), model_group_alias },
    readSection("litellm_settings", general),
  );
}
