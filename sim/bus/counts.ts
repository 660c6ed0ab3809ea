/** What a message bus counts beside the copies that the ledger of messages holds. A bus leaves at 0 what it does not do. */
export interface BusCounts {
  /** Messages whose acknowledgement reached their sender's end in time. */
  acknowledged: number;
  /** Acknowledgements that got lost on their way. */
  acknowledgementsLost: number;
  /** Copies that the bus sent because no acknowledgement had come; the ledger holds them among `duplicated`. */
  redelivered: number;
  /** Messages handed over for the first time, and copies handed over of what had been before. */
  first: number;
  repeated: number;
  /** Copies that came before their turn and had to wait for it. */
  heldBack: number;
  /** Copies dropped because a copy of the same message was waiting, or because its turn was over for good. */
  outOfTurn: number;
  /** Messages given up unacknowledged: their time to live ran out, or they were sent as often as they may be. */
  deadLetters: number;
  /** Messages that are neither acknowledged nor given up. */
  outstanding: number;
  /** Copies dropped because the subscriber's pipe was full; the ledger holds them among `dropped`. */
  overflowed: number;
}

export function noBusCounts(): BusCounts {
  return {
    acknowledged: 0,
    acknowledgementsLost: 0,
    redelivered: 0,
    first: 0,
    repeated: 0,
    heldBack: 0,
    outOfTurn: 0,
    deadLetters: 0,
    outstanding: 0,
    overflowed: 0,
  };
}
