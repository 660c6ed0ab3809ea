/** What has happened to each agent once within one operation, so that a copy or a repetition of it counts once. */
import type { Address } from "../../protocol/contract.js";

const BITS = { skipped: 1, sent: 2, ready: 4, gathered: 8, targeted: 16 } as const;

export class FirstTimes {
  private seen: Uint8Array | undefined;

  /** @param agentCount how many addresses there are from `firstAgent` on */
  constructor(
    private readonly firstAgent: Address,
    agentCount: number,
  ) {
    this.seen = new Uint8Array(agentCount);
  }

  /** Whether this is the first time; false, too, after `close`. */
  note(agent: Address, what: keyof typeof BITS): boolean {
    const { seen } = this;
    if (seen === undefined) return false;
    const index = agent - this.firstAgent;
    if ((seen[index]! & BITS[what]) !== 0) return false;
    seen[index]! |= BITS[what];
    return true;
  }

  /** Nothing more is to come that would count; gives the memory back. */
  close(): void {
    this.seen = undefined;
  }
}
