/** Which process holds each office below a node, as their assertions say; the primary where nothing was said. */
import type { Address } from "../../contract.js";
import type { Assertion } from "../messages.js";
import type { Variant } from "../options.js";

interface Entry {
  readonly holder: Address;
  readonly term: number;
}

export class Directory {
  private readonly entries = new Map<Address, Entry>();
  private readonly goesByTerm: boolean;

  /** @param takeover as written the last one to assert is believed, as repaired the one of the highest term */
  constructor(takeover: Variant) {
    this.goesByTerm = takeover === "repaired";
  }

  holderOf(office: Address): Address | undefined {
    return this.entries.size === 0 ? undefined : this.entries.get(office)?.holder;
  }

  /** The term of an office's holder; 0 where nothing was said, and as written, where terms mean nothing. */
  termOf(office: Address): number {
    return this.goesByTerm ? (this.entries.get(office)?.term ?? 0) : 0;
  }

  learn({ office, holder, term }: Assertion): void {
    const known = this.entries.get(office);
    if (known?.holder === holder && known.term === term) return;
    if (this.goesByTerm && known !== undefined && term < known.term) return;
    this.entries.set(office, { holder, term });
  }
}
