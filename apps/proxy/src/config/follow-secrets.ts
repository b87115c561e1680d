import type { LoadedConfig } from "./load-config.ts";

/** Keys of models are read at every call; everything else was read once, when the configuration was loaded. */
const readAtEveryCall = /^model_list\[\d+\]\.litellm_params\.api_key$/;

/**
 * Has every secret of a configuration looked at for changes: told by the store, or polled. `onChange` is called when
 * one has changed that was read once.
 *
 * @returns a function that ends it
 */
export function followSecrets(
  { references, secrets }: LoadedConfig,
  onChange: (place: string) => void = () => {},
): () => void {
  const ends = references.map(({ place, reference }) =>
    secrets.subscribe(reference, () => {
      if (!readAtEveryCall.test(place)) onChange(place);
    }),
  );
  return () => {
    for (const end of ends) end();
  };
}
