import type { KmsStatus } from "./kms-status.ts";

/** `google.rpc.Status` in protobuf's wire form, as gRPC carries it in `grpc-status-details-bin`. */
export function encodeStatus(error: KmsStatus): Buffer {
  const details: Buffer[] = [];
  if (error.reason !== undefined) {
    details.push(any("google.rpc.ErrorInfo", [text(1, error.reason), text(2, "googleapis.com")]));
  }
  if (error.retryAfterSeconds !== undefined) {
    details.push(any("google.rpc.RetryInfo", [bytes(1, number(1, error.retryAfterSeconds))]));
  }
  return Buffer.concat([
    number(1, error.code),
    text(2, error.message),
    ...details.map((detail) => bytes(3, detail)),
  ]);
}

/** The same in the JSON of a REST error body. */
export function statusDetailsJson(error: KmsStatus): object[] {
  const details: object[] = [];
  if (error.reason !== undefined) {
    details.push({
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: error.reason,
      domain: "googleapis.com",
    });
  }
  if (error.retryAfterSeconds !== undefined) {
    details.push({
      "@type": "type.googleapis.com/google.rpc.RetryInfo",
      retryDelay: `${error.retryAfterSeconds}s`,
    });
  }
  return details;
}

function any(type: string, fields: Buffer[]): Buffer {
  return Buffer.concat([text(1, `type.googleapis.com/${type}`), bytes(2, Buffer.concat(fields))]);
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) out.push((rest & 0x7f) | 0x80);
  out.push(rest);
  return Buffer.from(out);
}
