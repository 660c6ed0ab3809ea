/**
 * Quorums under loss. Where losses are independent the binomial holds; where they share their causes it must not, which
 * is the negative control: an engine whose losses were independent whatever the world says would pass the first alone.
 */
import { SEED } from "../plain-world.js";
import { atLeast } from "./binomial.js";
import type { ClosedForm, Finding } from "./closed-form.js";
import { Draws } from "./draws.js";
import { probability } from "./intervals.js";
import { type Fate, scatter } from "./scatter.js";

const SIZE = 30;
const QUORUM = 21;
/** Ratio of questions that are lost, in both worlds. */
const LOSS = 0.25;
/** In the second, one round in ten is hit by a shock, in which this many are lost. */
const SHOCK_RATIO = 0.1;
const SHOCK_LOSS = 0.85;
const CALM_LOSS = (LOSS - SHOCK_RATIO * SHOCK_LOSS) / (1 - SHOCK_RATIO);
/** Rounds in the least effort. */
const ROUNDS = 5_000;

const SOURCE = "David and Nagaraja, Order Statistics (2003), 2.1, with 1 - loss for F";

const independent = atLeast(QUORUM, SIZE, 1 - LOSS);
const shared =
  SHOCK_RATIO * atLeast(QUORUM, SIZE, 1 - SHOCK_LOSS) + (1 - SHOCK_RATIO) * atLeast(QUORUM, SIZE, 1 - CALM_LOSS);

function measure(effort: number, fate: Fate) {
  const rounds = scatter(SIZE, ROUNDS * effort, fate);
  return probability(rounds.filter((answers) => answers.length >= QUORUM).length, rounds.length);
}

const independentLoss: ClosedForm = {
  id: "quorum-independent",
  quantity: `${QUORUM} of ${SIZE} answer, each question lost with probability ${LOSS}: probability`,
  formula: "sum over j >= k of C(n, j) q^j (1 - q)^(n - j), q = 1 - loss",
  source: SOURCE,
  mistake: "shocks that are shared, at the same mean loss",
  measure: (effort): Finding => {
    const draws = new Draws(SEED, "quorum-independent");
    const fate = () => (draws.uniform() < LOSS ? undefined : 10);
    return { expected: independent, ...measure(effort, fate), mistaken: shared };
  },
};

const sharedShocks: ClosedForm = {
  id: "quorum-shared-shocks",
  quantity: `the same where ${SHOCK_RATIO * 100} % of the rounds lose ${SHOCK_LOSS * 100} %, at the same mean loss: probability`,
  formula: "the binomial, mixed over rounds with and without a shock",
  source: SOURCE,
  mistake: "the binomial at the mean loss (negative control)",
  measure: (effort): Finding => {
    const draws = new Draws(SEED, "quorum-shared-shocks");
    const shocks = new Draws(SEED, "quorum-shared-shocks/shocks");
    let roundUs = -1;
    let loss = 0;
    const fate: Fate = (_, atUs) => {
      if (atUs !== roundUs) loss = shocks.uniform() < SHOCK_RATIO ? SHOCK_LOSS : CALM_LOSS;
      roundUs = atUs;
      return draws.uniform() < loss ? undefined : 10;
    };
    return { expected: shared, ...measure(effort, fate), mistaken: independent };
  },
};

export const QUORUMS: readonly ClosedForm[] = [independentLoss, sharedShocks];
