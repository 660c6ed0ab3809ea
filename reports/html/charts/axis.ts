/** Round numbers for axes: where an axis ends and which ticks it carries. */

/** 1, 2, 5, 10, 20, … from the last at or below `low` to the first at or above `high`; both above zero. */
export function ladder(low: number, high: number): number[] {
  const steps: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); ; exponent++) {
    for (const digit of [1, 2, 5]) {
      const step = Number(`${digit}e${exponent}`);
      if (Number(`${digit === 1 ? 2 : digit === 2 ? 5 : 10}e${exponent}`) <= low) continue;
      steps.push(step);
      if (step >= high) return steps;
    }
  }
}

/** A logarithmic axis that holds [low, high] with a little air; wider where that would leave it with fewer than two ticks. */
export function logAxis(low: number, high: number): { low: number; high: number; ticks: number[] } {
  const steps = ladder(low, Math.max(high, low * 1.01));
  const ticks = steps.filter((step) => step >= low * 0.9 && step <= high * 1.1);
  return ticks.length >= 2
    ? { low: low * 0.9, high: high * 1.1, ticks }
    : { low: steps[0]!, high: steps.at(-1)!, ticks: steps };
}

/** The first of 1, 2, 5, 10, … at or above `value`; 1 for what is not above zero. */
export function roundUp(value: number): number {
  return value > 0 ? ladder(value, value).at(-1)! : 1;
}

/**
 * Ticks for a symmetric-log axis from -most to most, linear up to about `constant`: from zero outward, none closer to the
 * last than a twelfth of the axis.
 */
export function symlogTicks(most: number, constant: number): number[] {
  const place = (value: number) => Math.log1p(value / constant) / Math.log1p(most / constant);
  const above: number[] = [];
  for (const step of [constant, ...ladder(constant * 2, most)]) {
    if (step <= most && place(step) - place(above.at(-1) ?? 0) >= 1 / 6) above.push(step);
  }
  return [...above.map((step) => -step).reverse(), 0, ...above];
}
