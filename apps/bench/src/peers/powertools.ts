import { BaseProvider } from "@aws-lambda-powertools/parameters/base";

/** The cache of Powertools for AWS Lambda over a store of our own: what its documentation calls a custom provider. */
export class PowertoolsParameters extends BaseProvider {
  readonly #read: (key: string) => Promise<string>;

  constructor(read: (key: string) => Promise<string>) {
    super({});
    this.#read = read;
  }

  protected override _get(name: string): Promise<string> {
    return this.#read(name);
  }

  protected override async _getMultiple(): Promise<undefined> {
    throw new Error("These benchmarks read one parameter at a time.");
  }
}

/** Seconds. Its default of five would expire amid a measurement; given, it also saves a look at the environment. */
export const maxAge = { maxAge: 300 };
