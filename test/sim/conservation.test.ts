import { describe, expect, it } from "vitest";
import { EventKind } from "../../sim/event-store.js";
import type { Transport } from "../../sim/network.js";
import { US_PER_S } from "../../sim/time.js";
import { BROKEN_NETWORKS, type BrokenNetwork } from "./broken-networks.js";
import { CHATTER_US, chatter, MoodyLinks, type Rumour } from "./chatter.js";
import { SEED } from "./plain-world.js";

const BREAKS_AT_US = 4_000_000;
const TTL_MS = 4_500;

/** A chatter on a network that breaks, and when the network was first asked to carry a message after that. */
function brokenChatter(make: BrokenNetwork, breaksAtUs: number) {
  let askedUs: number | undefined;
  const simulation = chatter({
    makeTransport: (delivery) => {
      const broken = make<Rumour>(breaksAtUs, new MoodyLinks(SEED, 12), TTL_MS, delivery);
      const watched: Transport<Rumour> = {
        counts: broken.counts,
        transmit: (from, to, rumour, nowUs) => {
          if (nowUs >= breaksAtUs) askedUs ??= nowUs;
          broken.transmit(from, to, rumour, nowUs);
        },
      };
      return watched;
    },
  });
  simulation.run(CHATTER_US);
  return { conservation: simulation.conservation, askedUs };
}

describe("the judge of conservation", () => {
  it("finds nothing at any instant of a right network that loses, drops, expires, copies and delivers", () => {
    const simulation = chatter();
    simulation.run(CHATTER_US);
    const { conservation, eventCount, transport } = simulation;
    const { cut, undelivered, corrupted, ...fates } = transport.counts;
    for (const count of Object.values(fates)) expect(count).toBeGreaterThan(100);
    expect([cut, undelivered, corrupted]).toEqual([0, 0, 0]); // without faults
    expect(conservation.checks).toBeGreaterThanOrEqual(eventCount);
    expect(conservation).toMatchObject({ violations: 0, firstViolationUs: undefined });
  });

  it("counts what nodes hand over and receive, and what is on its way, as an onlooker counts them", () => {
    let handedOver = 0;
    let received = 0;
    let expired = 0;
    const simulation = chatter({
      observer: {
        onSend: () => {
          handedOver++;
        },
        onEvent: (_, kind) => {
          if (kind === EventKind.deliver) received++;
          if (kind === EventKind.expire) expired++;
        },
      },
    });
    for (let i = 0; i < 100; i++) {
      simulation.run(CHATTER_US, 100);
      const { conservation, transport } = simulation;
      const { duplicated, lost, dropped } = transport.counts;
      expect([conservation.handedOver, conservation.received]).toEqual([handedOver, received]);
      expect(conservation.inFlight).toBe(handedOver + duplicated - lost - dropped - received - expired);
    }
    expect(simulation.conservation.inFlight).toBeGreaterThan(10);
  });

  describe.each(Object.entries(BROKEN_NETWORKS))("catches a network that %s", (_, make: BrokenNetwork) => {
    it("within a second of breaking, and not before", () => {
      const { conservation, askedUs } = brokenChatter(make, BREAKS_AT_US);
      expect(conservation.violations).toBeGreaterThan(100);
      expect(conservation.firstViolationUs).toBeGreaterThanOrEqual(askedUs!);
      expect(conservation.firstViolationUs).toBeLessThan(BREAKS_AT_US + US_PER_S);
    });

    it("and has nothing against it as long as it works", () => {
      expect(brokenChatter(make, Number.POSITIVE_INFINITY).conservation.violations).toBe(0);
    });
  });

  it("catches a swallowed message at the very instant of the handler that sent it", () => {
    const { conservation, askedUs } = brokenChatter(BROKEN_NETWORKS["swallows a message silently"]!, BREAKS_AT_US);
    expect(conservation.firstViolationUs).toBe(askedUs);
  });
});
