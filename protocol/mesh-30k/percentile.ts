/**
 * The 95th percentile as document 4.2 and 4.3 take it: `statistics.quantiles(values, n=20)[18]`, which lies at
 * (count + 1) x 0.95 among the ordered values, between two of them by proportion, and beyond the outermost by the same line.
 * @returns NaN of no value; a single one is its own percentile, where the document's function gives up
 */
export function percentile95(values: ArrayLike<number>): number {
  const count = values.length;
  if (count < 2) return values[0] ?? Number.NaN;
  const sorted = Array.from(values).sort((a, b) => a - b);
  const twentieths = 19 * (count + 1);
  const upper = Math.min(count - 1, Math.max(1, Math.floor(twentieths / 20)));
  const share = (twentieths - upper * 20) / 20;
  return sorted[upper - 1]! * (1 - share) + sorted[upper]! * share;
}
