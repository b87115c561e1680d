import { expect, test } from "vitest";
import { decryptionMemory } from "./decryption-memory.ts";

function open(forMs = 1_000) {
  const clock = { now: 0 };
  return { clock, memory: decryptionMemory(forMs, () => clock.now) };
}

test("a text is found until its time is up, counted from when Cloud KMS was asked", () => {
  const { clock, memory } = open();
  memory.keep("a", { text: "text", ageMs: 100 });
  clock.now = 899;
  expect(memory.find("a")).toEqual({ text: "text", ageMs: 999 });
  clock.now = 900;
  expect(memory.find("a")).toBeUndefined();
});

test("a text that is too old for whoever asks stays for others", () => {
  const { clock, memory } = open();
  memory.keep("a", { text: "text", ageMs: 0 });
  clock.now = 500;
  expect(memory.find("a", 500)).toBeUndefined();
  expect(memory.find("a", 501)).toEqual({ text: "text", ageMs: 500 });
});

test("what is kept again counts anew", () => {
  const { clock, memory } = open();
  memory.keep("a", { text: "text", ageMs: 0 });
  clock.now = 900;
  memory.keep("a", { text: "text", ageMs: 0 });
  clock.now = 1_800;
  expect(memory.find("a")).toEqual({ text: "text", ageMs: 900 });
});

test("room is made by the longest unused", () => {
  const { memory } = open();
  for (let index = 0; index < 1000; index++) memory.keep(`${index}`, { text: "text", ageMs: 0 });
  expect(memory.find("0")).toBeDefined();
  memory.keep("one more", { text: "text", ageMs: 0 });
  expect(memory.size).toBe(1000);
  expect(memory.find("0")).toBeDefined();
  expect(memory.find("1")).toBeUndefined();
});

test("what is over is not kept until it is asked for again", () => {
  const { clock, memory } = open();
  memory.keep("a", { text: "text", ageMs: 0 });
  clock.now = 999;
  memory.keep("b", { text: "text", ageMs: 0 });
  expect(memory.size).toBe(2);
  clock.now = 1_000;
  memory.keep("c", { text: "text", ageMs: 0 });
  expect(memory.size).toBe(2);
});

test("once closed it knows nothing, and learns nothing from who was still asking", () => {
  const { memory } = open();
  memory.keep("a", { text: "text", ageMs: 0 });
  memory.close();
  memory.keep("b", { text: "text", ageMs: 0 });
  expect(memory.find("a") ?? memory.find("b")).toBeUndefined();
  expect(memory.size).toBe(0);
});
