/** When circuit breakers were not closed, by the part of the mesh that they keep apart; times are true. */
import type { BreakerFact } from "../../../protocol/mesh-30k/facts.js";
import type { Micros } from "../../../sim/time.js";

export interface BreakerSpell {
  readonly scope: BreakerFact["scope"];
  /** Index of the cluster or sector; 0 for the mesh. */
  readonly id: number;
  readonly fromUs: Micros;
  /** Undefined while it lasts. */
  untilUs: Micros | undefined;
}

export class BreakerSpells {
  readonly all: BreakerSpell[] = [];
  private readonly open = new Map<string, BreakerSpell>();

  /** What half-opens is not closed yet. A breaker that a new process takes over opens anew, which changes nothing. */
  onFact(nowUs: Micros, { scope, id, state }: BreakerFact): void {
    const key = `${scope} ${id}`;
    const spell = this.open.get(key);
    if (state === "CLOSED" && spell !== undefined) {
      spell.untilUs = nowUs;
      this.open.delete(key);
    } else if (state === "OPEN" && spell === undefined) {
      const fresh: BreakerSpell = { scope, id, fromUs: nowUs, untilUs: undefined };
      this.open.set(key, fresh);
      this.all.push(fresh);
    }
  }

  /** Whether a breaker is open or half-open. */
  isTurned(scope: BreakerFact["scope"], id: number): boolean {
    return this.open.size > 0 && this.open.has(`${scope} ${id}`);
  }
}
