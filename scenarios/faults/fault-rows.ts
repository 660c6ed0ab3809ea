/** What results say of each declared fault, and whether it took effect. */
import { US_PER_S } from "../../sim/time.js";
import type { Outcome } from "../outcome.js";
import type { Results } from "../results.js";

import { joined, type Span } from "./spans.js";

/** A chart shows no more, and a year of flapping has a hundred thousand. */
const MOST_SHOWN = 300;

export function faultRows({ stage, books, pushed }: Pick<Outcome, "stage" | "books" | "pushed">): Results["faults"] {
  return stage.stagedFaults.faults.map(({ name, kind, description, spells }, index) => {
    const effects = (books.effects[index] ?? 0) + (pushed[index] ?? 0);
    return {
      name,
      kind,
      description,
      spells: few(spells).map(({ fromUs, untilUs }) => ({
        fromS: fromUs / US_PER_S,
        untilS: untilUs === Number.POSITIVE_INFINITY ? null : untilUs / US_PER_S,
      })),
      spellCount: spells.length,
      effects,
      tookEffect: effects > 0,
    };
  });
}

/** As many as a chart can show: the first, and the others, where there are too many, joined with those that are closest to them. */
function few(spells: readonly Span[]): readonly Span[] {
  const [first, ...others] = spells;
  if (first === undefined || spells.length <= MOST_SHOWN) return spells;
  let gapUs = US_PER_S;
  let shown = joined(others, gapUs);
  while (shown.length >= MOST_SHOWN) {
    gapUs *= 2;
    shown = joined(others, gapUs);
  }
  return [first, ...shown];
}
