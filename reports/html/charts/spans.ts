/** Spans of time on an axis: merged until they are few enough, and wide enough apart, to be told apart. */

export interface Span {
  readonly from: number;
  readonly until: number;
  /** How many it was made of. */
  readonly count: number;
}

/** Gaps below this share of the axis cannot be seen. */
const LEAST_GAP = 1 / 400;

/**
 * In order of beginning. Those that overlap or touch become one, and those that nearly do where there are more than `most`.
 * @param length of the axis
 */
export function mergedSpans(spans: readonly { from: number; until: number }[], length: number, most: number): Span[] {
  const sorted = spans.map((span) => ({ ...span, count: 1 })).sort((a, b) => a.from - b.from);
  for (let gap = length * LEAST_GAP; ; gap *= 2) {
    const merged = joined(sorted, gap);
    if (merged.length <= most || gap > length) return merged;
  }
}

function joined(sorted: readonly Span[], gap: number): Span[] {
  const merged: Span[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last === undefined || span.from - last.until > gap) merged.push(span);
    else {
      const until = Math.max(last.until, span.until);
      merged[merged.length - 1] = { from: last.from, until, count: last.count + span.count };
    }
  }
  return merged;
}
