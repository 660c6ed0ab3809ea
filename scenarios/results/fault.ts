/** What became of a declared fault. */
import { z } from "zod";

export const fault = z.object({
  name: z.string(),
  kind: z.string(),
  /** What it does and to whom. */
  description: z.string(),
  /**
   * When it struck or would have, in true seconds of the calendar from the start of the run, in order of beginning. Where
   * there are more than 300, those after the first that lie closest together are joined. `untilS` is null where it never
   * ends, and `fromS` where it is over at once.
   */
  spells: z.array(z.object({ fromS: z.number(), untilS: z.number().nullable() })),
  /** How many there are. */
  spellCount: z.int(),
  /** How often it changed what happened: messages, nodes and clocks that it struck. */
  effects: z.int(),
  /** False makes the run inconclusive: nothing that was measured says anything about this fault. */
  tookEffect: z.boolean(),
});
