/** What an application does with core, on whatever runtime this is bundled for. Prints one line of JSON. */
import { chain, createSecrets, inMemory, isSecretError, Secret } from "@keyward/core";

const value = "tour-of-a-value";
const store = inMemory({ KEY: value, db: JSON.stringify({ password: "pass-word" }) });
const secrets = createSecrets({ providers: { first: inMemory(), store: chain([store]) } });

const { promise: rotated, resolve: onRotated } = Promise.withResolvers<string>();
const direct = createSecrets({ providers: [store] });
await direct.get("KEY");
const unsubscribe = direct.subscribe("KEY", (secret) => onRotated(secret.reveal()));

const secret = await secrets.read("KEY");
console.log(secret, { secret }, `${secret}`);

let masked = "";
const text = new ReadableStream<string>({
  start(controller) {
    for (const chunk of ["<tour-of", "-a-va", "lue>"]) controller.enqueue(chunk);
    controller.close();
  },
});
for await (const chunk of text.pipeThrough(secrets.redactStream())) masked += chunk;

const failure: unknown = await secrets.get("NONE").catch((error: unknown) => error);
const result = {
  isSecret: secret instanceof Secret && secret.reveal() === value,
  found: (await secrets.find("KEY")) === value,
  absent: (await secrets.find("NONE")) === undefined,
  many: Object.keys(await secrets.getMany(["KEY", "db"])),
  pointed: (await secrets.resolve({ db: ["secret://store/db#/password"] })).db[0]?.length,
  masked,
  base64: secrets.redact(`Basic ${btoa(`user:${value}`)}`),
  clone: structuredClone(secret).text,
  failure: isSecretError(failure) ? failure.toJSON().code : failure,
  health: secrets.health().status,
  rotated: "",
  closed: "",
};

store.set("KEY", "rotated");
result.rotated = await rotated;
unsubscribe();
await direct.close();
await secrets[Symbol.asyncDispose]();
result.closed = await secrets.get("KEY").catch((error) => error.code);
console.log(JSON.stringify(result));
