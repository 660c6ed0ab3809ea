/** One declared fault while it is worked out: where it stands, what it strikes, and where its randomness comes from. */

import type { Target, Whole } from "../language/fault-target.js";
import type { ScenarioPath } from "../language/scenario-path.js";
import type { FaultGround } from "./fault-ground.js";
import { KeyedDraw } from "./keyed-draw.js";
import type { Place } from "./refusal.js";
import { type Candidates, type Choosing, candidates } from "./target-nodes.js";

export class Fault {
  /** @param place of the map of its kind, such as `faults[0].crash` */
  constructor(
    readonly index: number,
    readonly name: string,
    readonly ground: FaultGround,
    private readonly place: Place,
    private readonly seed: number,
  ) {}

  /** Where something stands inside of the fault's kind. */
  at(...steps: ScenarioPath): Place {
    return this.place.at(...steps);
  }

  /** A stream of its own for each use. */
  drawFor(use: string): KeyedDraw {
    return KeyedDraw.of(this.seed, `${this.name}/${use}`);
  }

  /** @param steps where the target stands inside of the fault's kind */
  candidates(target: Target, ...steps: ScenarioPath): Candidates {
    return this.candidatesOf(target, {}, ...steps);
  }

  candidatesOf(target: Target, more: { whole?: Whole; only?: Choosing["only"] }, ...steps: ScenarioPath): Candidates {
    const { ground } = this;
    const draw = this.drawFor(["targets", ...steps].join("/"));
    const only = more.only === undefined ? {} : { only: more.only };
    return candidates(target, {
      ground,
      place: this.at(...steps),
      draw,
      ...only,
      ...(more.whole !== undefined && { whole: more.whole }),
    });
  }
}
