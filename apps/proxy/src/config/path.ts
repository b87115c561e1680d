/** Where something stands in a configuration, from its root. */
export type Path = readonly (string | number)[];

/** As `model_list[0].litellm_params.api_key`, the way the secret manager writes it. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
