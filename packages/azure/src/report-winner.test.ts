import { describe, expect, test } from "vitest";
import { reportWinner } from "./report-winner.ts";

const token = { token: "token", expiresOnTimestamp: 0 };

class Member {
  async getToken() {
    return token;
  }
}

/** A chain as a later version of the SDK might have it. */
function chainAnswering(getTokenInternal: unknown) {
  class Chain {
    readonly getTokenInternal = getTokenInternal;
    async getToken() {
      return token;
    }
  }
  return new Chain();
}

describe("the member of a chain that got the token", () => {
  test("is reported where the chain tells", async () => {
    const chain = chainAnswering(async () => ({ token, successfulCredential: new Member() }));
    const { credential, winner } = reportWinner(chain, true);
    expect(await credential.getToken("scope")).toBe(token);
    expect(winner()).toBe("Member");
  });

  test.each([
    ["has no such method", undefined],
    ["answers nothing", async () => undefined],
    ["answers with a bare token", async () => token],
    ["answers with text", async () => ({ token: "token", successfulCredential: new Member() })],
    ["leaves the member out", async () => ({ token })],
  ])("is the chain itself where it %s", async (_, getTokenInternal) => {
    const { credential, winner } = reportWinner(chainAnswering(getTokenInternal), true);
    expect(await credential.getToken("scope")).toBe(token);
    expect(winner()).toBe("Chain");
  });
});
