import { type BrokenProvider, brokenRead, brokenValue } from "./broken-provider.ts";

export const brokenValues: Readonly<Record<string, BrokenProvider>> = {
  "drops empty strings": brokenRead(["empty-is-found"], (intact) => async (key, context) => {
    const reading = await intact.readSecret(key, context);
    return reading?.value ? reading : undefined;
  }),
  "coerces types": brokenValue(["nothing-is-coerced"], (reading) => {
    const primitive = /^(true|false|null|\d+)$/.test(reading.value);
    return primitive ? { ...reading, value: JSON.parse(reading.value) } : reading;
  }),
  "takes quotes off": brokenValue(["nothing-is-coerced"], (reading) => ({
    ...reading,
    value: reading.value.replace(/^"(.*)"$/, "$1"),
  })),
  "expands escapes": brokenValue(["nothing-is-interpreted"], (reading) => ({
    ...reading,
    value: reading.value.replaceAll("\\n", "\n"),
  })),
  "decodes percent signs": brokenValue(["nothing-is-interpreted"], (reading) => ({
    ...reading,
    value: reading.value.replaceAll("%20", " "),
  })),
  "cuts comments": brokenValue(["nothing-is-interpreted"], (reading) => ({
    ...reading,
    value: reading.value.replace(/ #.*/, ""),
  })),
  trims: brokenValue(["nothing-is-trimmed"], (reading) => ({
    ...reading,
    value: reading.value.replace(/^[ \t]+|[ \t]+$/g, ""),
  })),
  "decodes UTF-8 without ignoreBOM": brokenValue(["unicode-is-kept"], (reading) => ({
    ...reading,
    value: new TextDecoder().decode(new TextEncoder().encode(reading.value)),
  })),
  "normalises Unicode": brokenValue(["unicode-is-kept"], (reading) => ({
    ...reading,
    value: reading.value.normalize("NFC"),
  })),
  "decodes UTF-8 in chunks": brokenValue(["unicode-is-kept"], (reading) => ({
    ...reading,
    value:
      Buffer.from(reading.value).subarray(0, 1024).toString() + Buffer.from(reading.value).subarray(1024),
  })),
  "normalises line ends": brokenValue(["lines-are-kept"], (reading) => ({
    ...reading,
    value: reading.value.replaceAll("\r\n", "\n"),
  })),
  "hands timestamps on as text": brokenValue(
    ["readings-are-well-formed", "core-tells-them-apart"],
    (reading) => ({
      ...reading,
      createdAt: JSON.parse(JSON.stringify(reading.createdAt)),
    }),
  ),
  "hands on a date that is none": brokenValue(
    ["readings-are-well-formed", "core-tells-them-apart"],
    (reading) => ({
      ...reading,
      expiresAt: new Date("never"),
    }),
  ),
};
