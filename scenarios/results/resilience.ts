/** What nodes noticed of failures, and what they did (document part 6). */
import { z } from "zod";
import { FAILURE_CLASSES, IMMEDIATE_CLASSES } from "../../protocol/mesh-30k/resilience/failure-class.js";
import { MODES } from "../../protocol/mesh-30k/resilience/operational-mode.js";

export const resilience = z.object({
  failures: z.array(
    z.object({
      class: z.enum(FAILURE_CLASSES),
      detected: z.int(),
      recovered: z.int(),
      escalated: z.int(),
    }),
  ),
  /** How often the orchestrator has alerted its operators, and to what: a failure that is escalated at once, a mode. */
  alerts: z.array(z.object({ about: z.enum([...IMMEDIATE_CLASSES, "EMERGENCY"]), count: z.int() })),
  /** Fresh processes asked for, every try counted. */
  replacements: z.int(),
  breakers: z.array(
    z.object({
      scope: z.enum(["cluster", "sector", "global"]),
      opened: z.int(),
      halfOpened: z.int(),
      closed: z.int(),
    }),
  ),
  /** Measured time in each mode that the orchestrator set, in seconds. */
  modes: z.array(z.object({ mode: z.enum(MODES), seconds: z.number() })),
  operations: z.object({ queued: z.int(), released: z.int(), refused: z.int(), approvalsAsked: z.int() }),
});
