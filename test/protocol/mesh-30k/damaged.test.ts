import { describe, expect, it } from "vitest";
import { payloadHash } from "../../../protocol/mesh-30k/integrity.js";
import { damaged, revive } from "../../../protocol/mesh-30k/wire.js";
import { acknowledge, agentOn, clusterSummary, leadOn, optionsWith, TASK, VARIANTS } from "./fixtures.js";

describe.each(VARIANTS)("MESH-30K 5.1, %s: a message whose bits are changed on the way", (variant) => {
  /** What a lead sends an agent. */
  function composed() {
    const { host, lead, agents, hear } = leadOn(optionsWith(variant), 1);
    hear(agents[0]!, {});
    lead.submit(TASK);
    return host.sentOf("COORDINATE").at(-1)!.message;
  }

  it("has another payload under the same hash, and is the same otherwise", () => {
    const message = composed();
    const changed = damaged(message)!;
    const fields = Object.keys(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(message)));
    const valuesOf = (of: object) =>
      Object.fromEntries(fields.map((field) => [field, of[field as keyof typeof of]] as const));
    expect(fields).toContain("payloadHash");
    const { payload, ...others } = valuesOf(changed);
    expect(payloadHash(payload as unknown as string)).not.toBe(message.payloadHash);
    expect({ ...others, payload: message.payload }).toEqual(valuesOf(message));
    const { messageId, sourceId, compensation, remainingMs, contextHash } = message;
    expect(changed).toMatchObject({ messageId, sourceId, compensation, remainingMs, contextHash });
    expect(revive(structuredClone(changed))).toEqual(changed);
  });

  it("is answered with HASH_MISMATCH where it is an operation, and caught by its frame's checksum where it is not", () => {
    const { host } = agentOn(optionsWith(variant));
    host.deliver(1, damaged(composed())!);
    host.finish();
    const answer = host.sentOf("ACK").at(-1)!.message;
    expect(answer).toMatchObject({ trinaryState: -1, conflict: { type: "HASH_MISMATCH" } });
    expect(damaged(acknowledge(composed(), 3))).toBeUndefined();
    expect(damaged(clusterSummary(1))).toBeUndefined();
  });
});
