import { expect, test } from "vitest";
import { encodeModel, readRequestHead, withModel } from "./request-head.ts";

const audio = Buffer.from([0, 13, 10, 45, 45, 255, 254]);

async function form(fields: readonly (readonly [string, string | File])[]): Promise<[Buffer, string]> {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  const request = new Response(data);
  return [Buffer.from(await request.arrayBuffer()), request.headers.get("content-type") ?? ""];
}

test("reads a form's model and stream, and changes nothing but the name", async () => {
  const file = new File([audio], 'a"; name="model".wav');
  const [bytes, contentType] = await form([
    ["file", file],
    ["model", "größe"],
    ["stream", "true"],
    ["language", "de"],
  ]);
  const head = readRequestHead(bytes, { contentType });
  expect(head).toMatchObject({ model: "größe", stream: true, format: "form" });
  const changed = withModel(head, encodeModel("whisper-1"));
  const read = await new Response(changed, { headers: { "content-type": contentType } }).formData();
  expect(read.get("model")).toBe("whisper-1");
  expect(read.get("language")).toBe("de");
  expect(Buffer.from(await (read.get("file") as File).arrayBuffer())).toEqual(audio);
});

test("puts a model from the URL into a form without one", async () => {
  const [bytes, contentType] = await form([["file", new File([audio], "a.wav")]]);
  const head = readRequestHead(bytes, { contentType, model: "from-url" });
  const changed = withModel(head, encodeModel("whisper-1"));
  const read = await new Response(changed, { headers: { "content-type": contentType } }).formData();
  expect(read.get("model")).toBe("whisper-1");
  expect(Buffer.from(await (read.get("file") as File).arrayBuffer())).toEqual(audio);
});

test.each([
  ["without a model", [["a", "b"]], '"model" is missing'],
  ["whose model is a file", [["model", new File(["x"], "m")]], '"model" is missing'],
  [
    "with two models",
    [
      ["model", "a"],
      ["model", "b"],
    ],
    '"model" is there twice',
  ],
] as const)("refuses a form %s", async (_, fields, message) => {
  const [bytes, contentType] = await form(fields);
  expect(() => readRequestHead(bytes, { contentType })).toThrow(message);
});

test.each([0, 10, 60, 1])("refuses a form cut off %i bytes before its end", async (kept) => {
  const [bytes, contentType] = await form([["model", "a"]]);
  const cut = bytes.subarray(0, kept === 1 ? bytes.length - 6 : kept);
  expect(() => readRequestHead(cut, { contentType })).toThrow("its end is missing");
});

test("a quoted file name is not searched for names", () => {
  const part = 'content-disposition: form-data; filename="x\\"; name=\\"model\\""; name="file"';
  const bytes = Buffer.from(
    `--b\r\n${part}\r\n\r\nno\r\n--b\r\nContent-Disposition: form-data; name=model\r\n\r\nyes\r\n--b--\r\n`,
  );
  expect(readRequestHead(bytes, { contentType: 'multipart/form-data; boundary="b"' }).model).toBe("yes");
});

test("refuses a part whose head is longer than any client writes, whatever its length", () => {
  const contentType = "multipart/form-data; boundary=b";
  for (const length of [20_000, 20_000_000]) {
    const bytes = Buffer.concat([
      Buffer.from('--b\r\nContent-Disposition: form-data; name="'),
      Buffer.alloc(length, "a"),
      Buffer.from('"\r\n\r\nx\r\n--b--\r\n'),
    ]);
    expect(() => readRequestHead(bytes, { contentType })).toThrow(
      "is not the form that its content type says",
    );
  }
});

test.each([
  ["two boundaries", "multipart/form-data; boundary=b; boundary=c"],
  ["a boundary inside of another parameter", 'multipart/form-data; charset="; boundary=b"; boundary=c'],
])("refuses %s: two readers could read two forms", (_, contentType) => {
  const bytes = Buffer.from(
    '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nx\r\n' +
      '--c\r\nContent-Disposition: form-data; name="model"\r\n\r\ny\r\n--c--\r\n--b--\r\n',
  );
  expect(() => readRequestHead(bytes, { contentType })).toThrow("is not the form that its content type says");
});

test.each([
  'form-data; name="model"; name="other"',
  'form-data; name="other"\r\nContent-Disposition: form-data; name="model"',
])("refuses a part that is named twice: %#", (disposition) => {
  const bytes = Buffer.from(`--b\r\nContent-Disposition: ${disposition}\r\n\r\nx\r\n--b--\r\n`);
  const contentType = "multipart/form-data; boundary=b";
  expect(() => readRequestHead(bytes, { contentType })).toThrow("is not the form that its content type says");
});

test.each(["----WebKitFormBoundary7MA4YWxkTrZu0gW", "axios-1.7-boundary-x"])(
  "takes the boundary %s",
  (boundary) => {
    const bytes = Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="model"\r\n\r\nx\r\n--${boundary}--\r\n`,
    );
    expect(readRequestHead(bytes, { contentType: `multipart/form-data; boundary=${boundary}` }).model).toBe(
      "x",
    );
  },
);
