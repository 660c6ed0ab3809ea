/** Orders for fresh processes that go from one part of a mesh to another. */
import { expect, it } from "vitest";
import type { Border } from "../../../sim/border.js";
import { Fingerprint } from "../../../sim/fingerprint.js";
import type { Platform } from "../../../sim/platform.js";
import { US_PER_MS } from "../../../sim/time.js";
import { type NodePlan, simulationOf } from "../plain-world.js";

const platform: Platform = { orderUs: () => 5 * US_PER_MS, startUpUs: () => 10 * US_PER_MS };
const END_US = 100 * US_PER_MS;

it("a process ordered from another part is there when it would be in one piece, and prints the same", () => {
  const starts: number[] = [];
  const orderer: NodePlan = (host) => ({
    start: () => host.setTimer(20, 1),
    wake: () => host.provision(1),
  });
  const ordered: NodePlan = (host) => ({ start: () => starts.push(host.now()) });

  const whole = simulationOf([orderer, ordered], { platform });
  whole.start();
  whole.run(END_US);
  expect(starts).toEqual([0, 35]);

  const orders: Parameters<Border<unknown>["cross"]>[] = [];
  const parts = [0, 1].map((own) => {
    const border: Border<unknown> = {
      isBeyond: (address) => address !== own,
      cross: (...order) => orders.push(order),
    };
    const part = simulationOf([orderer, ordered], { platform, border });
    part.start();
    return part;
  });
  for (let us = 0; us <= END_US; us += 5 * US_PER_MS) {
    for (const part of parts) part.run(us);
    for (const order of orders.splice(0)) parts[1]!.letIn(...order);
  }
  expect(starts).toEqual([0, 35, 0, 35]);
  const together = Fingerprint.ofParts(parts.map((part) => part.books().fingerprint));
  expect(together.seconds).toEqual(whole.fingerprint.seconds);
  expect(parts.map((part) => part.books().lives.provisioned)).toEqual([0, 1]);
});
