/** Order statistics of lognormal delays: how long until k of n have answered. Rounds are independent trials. */
import { lognormalQuantile } from "../../../models/lognormal.js";
import { normalCdf } from "../../models/normal-cdf.js";
import { SEED } from "../plain-world.js";
import { atLeast } from "./binomial.js";
import type { ClosedForm, Finding } from "./closed-form.js";
import { Draws } from "./draws.js";
import { probability, quantile } from "./intervals.js";
import { scatter } from "./scatter.js";

const SIZE = 30;
const MEDIAN_MS = 50;
const SIGMA = 0.5;
/** Rounds in the least effort. */
const ROUNDS = 5_000;

function rounds(name: string, effort: number): number[][] {
  const draws = new Draws(SEED, name);
  return scatter(SIZE, ROUNDS * effort, () => draws.lognormal(MEDIAN_MS, SIGMA));
}

function kthWithin(k: number, withinMs: number): ClosedForm {
  const name = `kth-of-n-${k}`;
  const within = normalCdf(Math.log(withinMs / MEDIAN_MS) / SIGMA);
  return {
    id: name,
    quantity: `${k} of ${SIZE} lognormal delays (median ${MEDIAN_MS} ms, sigma ${SIGMA}) are over within ${withinMs} ms: probability`,
    formula: "P(T_k <= t) = sum over j >= k of C(n, j) F^j (1 - F)^(n - j)",
    source: "David and Nagaraja, Order Statistics (2003), 2.1",
    mistake: `k = ${k + 1}`,
    measure: (effort): Finding => {
      const arrivals = rounds(name, effort);
      const hits = arrivals.filter((times) => times[k - 1]! <= withinMs).length;
      return {
        expected: atLeast(k, SIZE, within),
        ...probability(hits, arrivals.length),
        mistaken: atLeast(k + 1, SIZE, within),
      };
    },
  };
}

function maximum(q: number): ClosedForm {
  const name = `maximum-p${q * 100}`;
  const quantileMs = (size: number) => lognormalQuantile(MEDIAN_MS, SIGMA, Math.exp(Math.log(q) / size));
  return {
    id: name,
    quantity: `longest of ${SIZE} lognormal delays (median ${MEDIAN_MS} ms, sigma ${SIGMA}): quantile ${q}, ms`,
    formula: "exp(mu + sigma PhiInv(q^(1/n)))",
    source: "David and Nagaraja, Order Statistics (2003), 2.1",
    mistake: `n = ${SIZE / 2}`,
    measure: (effort): Finding => ({
      expected: quantileMs(SIZE),
      ...quantile(
        rounds(name, effort).map((times) => times[SIZE - 1]!),
        q,
      ),
      mistaken: quantileMs(SIZE / 2),
    }),
  };
}

export const ORDER_STATISTICS: readonly ClosedForm[] = [
  kthWithin(1, 20),
  kthWithin(16, 50),
  kthWithin(21, 60),
  kthWithin(29, 100),
  maximum(0.5),
  maximum(0.95),
];
