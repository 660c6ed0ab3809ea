/** P(at least `k` of `n` independent events, each of probability `p`), summed exactly. */
export function atLeast(k: number, n: number, p: number): number {
  let coefficient = 1; // C(n, j) p^j (1 - p)^(n - j), from j = 0 up
  for (let i = 0; i < n; i++) coefficient *= 1 - p;
  let below = 0;
  for (let j = 0; j < k; j++) {
    below += coefficient;
    coefficient *= ((n - j) / (j + 1)) * (p / (1 - p));
  }
  return 1 - below;
}
