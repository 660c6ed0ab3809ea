/** What became of messages, on the network and on a bus above it, and of the work that they were. */
import { z } from "zod";

export const messages = z.object({
  sent: z.int(),
  duplicated: z.int(),
  delivered: z.int(),
  lost: z.int(),
  expired: z.int(),
  dropped: z.int(),
  /** There was no way for them: a partition. */
  cut: z.int(),
  /** They came to a node that was down. */
  undelivered: z.int(),
  /** Damaged on the way; those that a checksum caught are among the lost. */
  corrupted: z.int(),
  inFlight: z.int(),
  byKind: z.array(z.object({ kind: z.string(), sent: z.int(), perSecond: z.number() })),
});

export const bus = z
  .object({
    kind: z.enum(["pubsub", "at-least-once"]),
    /** Messages that nodes handed over, without what the bus sends for itself: over whole measured seconds. */
    sentPerSecond: z.object({ mean: z.number(), peak: z.number() }).nullable(),
    /** In the whole run: handed over for the first time, and copies of what had been handed over. */
    first: z.int(),
    repeated: z.int(),
    acknowledged: z.int(),
    acknowledgementsLost: z.int(),
    /** Copies that the bus sent because no acknowledgement had come; among `messages.duplicated`. */
    redelivered: z.int(),
    heldBack: z.int(),
    outOfTurn: z.int(),
    /** Messages given up unacknowledged. */
    deadLetters: z.int(),
    /** Messages neither acknowledged nor given up when the run ended. */
    outstanding: z.int(),
    /** Dropped because a subscriber's pipe was full; among `messages.dropped`. */
    overflowed: z.int(),
    /** Between leads and their agents, by the judge of order. */
    order: z.object({
      sent: z.int(),
      delivered: z.int(),
      repeated: z.int(),
      outOfOrder: z.int(),
      /** Delivered after their time to live. */
      late: z.int(),
    }),
  })
  .nullable();

export const jobs = z.object({
  accepted: z.int(),
  rejected: z.int(),
  finished: z.int(),
  expired: z.int(),
  ignored: z.int(),
  /** Gone with the process that was to do it. */
  aborted: z.int(),
  waiting: z.int(),
  inService: z.int(),
  coldStarts: z.int(),
});
