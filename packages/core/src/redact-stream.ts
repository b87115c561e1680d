import { nothingPending, type Redactor } from "./redactor.ts";

/** Masks values also where they are cut across chunks. Holds back no more than the longest value's longest form. */
export function createRedactStream(redactor: Redactor): TransformStream<string, string> {
  let held = nothingPending;
  const push = (chunk: string, last: boolean, controller: TransformStreamDefaultController<string>) => {
    const scanned = redactor.scan({ text: held.text + chunk, masked: held.masked }, last);
    held = scanned.held;
    if (scanned.done !== "") controller.enqueue(scanned.done);
  };
  return new TransformStream({
    transform: (chunk, controller) => push(chunk, false, controller),
    flush: (controller) => push("", true, controller),
  });
}
