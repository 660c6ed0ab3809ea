/** Whether the quiet between faults is left out, and how much around each of them is not (docs/faults.md, "Skipping the quiet"). */
import { z } from "zod";
import { duration, field } from "./fields.js";
import { Mismatch } from "./mismatch.js";

const yesOrNo = () =>
  field((found) => (typeof found === "boolean" ? found : new Mismatch("true or false")), { type: "boolean" });

export const quietSection = z
  .strictObject({
    skip: yesOrNo()
      .prefault(false)
      .describe(
        "true: only what lies around faults is simulated; between them, the mesh's state is carried over as if time stood still.",
      ),
    before: duration()
      // Six heartbeats: what a cut may have disturbed has passed.
      .prefault("30 s")
      .describe("How long before each fault simulating begins."),
    after: duration()
      // A successor is in office within 75 s, breakers and failure windows are a minute long, and then all are told.
      .prefault("3 min")
      .describe("How long after the end of each fault it goes on: what the mesh needs to agree again."),
  })
  .transform(({ skip, before, after }) => ({ skip, beforeMs: before, afterMs: after }));
