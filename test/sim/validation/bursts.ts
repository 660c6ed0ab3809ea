/**
 * Bursty loss (Gilbert 1960, Elliott 1963) on the whole engine: one node sends to others over links on which a fault strikes,
 * and what arrives tells what was lost. With a loss of 1 in the bad state and 0 in the good one, the losses are the states.
 */
import type { LinkTrouble } from "../../../sim/faults/fault-plan.js";
import { Faults } from "../../../sim/faults/faults.js";
import { FaultyLinks } from "../../../sim/faults/faulty-links.js";
import { US_PER_MS } from "../../../sim/time.js";
import { ALWAYS, everybody, linkFault, oneWay, planOf } from "../faults/plans.js";
import { fixedLinks, type NodePlan, SEED, startedSimulationOf } from "../plain-world.js";
import { atLeast } from "./binomial.js";
import type { ClosedForm, Finding } from "./closed-form.js";
import { type Interval, meanOfReplications, probability, REPLICATIONS } from "./intervals.js";

type Burst = Extract<LinkTrouble, { kind: "burst-loss" }>;

const TO_BAD = 0.02;
const TO_GOOD = 0.1;
const STATIONARY_BAD = TO_BAD / (TO_BAD + TO_GOOD);
const LOSS_IN_BAD = 0.8;
const LOSS_IN_GOOD = 0.01;

const SOFT: Burst = {
  kind: "burst-loss",
  toBad: TO_BAD,
  toGood: TO_GOOD,
  lossInBad: LOSS_IN_BAD,
  lossInGood: LOSS_IN_GOOD,
};
/** What is lost shows the state. */
const HARD: Burst = { ...SOFT, lossInBad: 1, lossInGood: 0 };

/** Messages of each replication in the least effort. */
const MESSAGES = 8_000;
/** Autocorrelation at this many messages apart. */
const LAG = 5;

const SOURCE = "Gilbert, BSTJ 39 (1960), 1253-1265; Elliott, BSTJ 42 (1963), 1977-1997";

/** For each of so many messages that one node sends in a row, whether it was lost. */
function losses(seed: number, count: number, trouble: LinkTrouble): Uint8Array {
  const lost = new Uint8Array(count).fill(1);
  const sender: NodePlan<number> = (host) => ({
    start: () => host.setTimer(0, 0),
    wake: (next) => {
      host.send(1, next);
      if (next + 1 < count) host.setTimer(1, next + 1);
    },
  });
  const receiver: NodePlan<number> = () => ({
    receive: (_, index) => {
      lost[index] = 0;
    },
  });
  const faults = new Faults(planOf({ links: [linkFault(0, ALWAYS, everybody(2), trouble)] }), seed, 2);
  const links = new FaultyLinks(fixedLinks(10 * US_PER_MS), faults, 2);
  startedSimulationOf<number>([sender, receiver], { seed, links }).run((count + 20) * US_PER_MS);
  return lost;
}

/** A mean over replications, each of which is a message stream with a seed of its own. */
function replicated(effort: number, trouble: LinkTrouble, statistic: (lost: Uint8Array) => number): Interval {
  return meanOfReplications(
    Array.from({ length: REPLICATIONS }, (_, i) => statistic(losses(SEED + i, MESSAGES * effort, trouble))),
  );
}

function meanOf(lost: Uint8Array): number {
  return lost.reduce((sum, each) => sum + each, 0) / lost.length;
}

/** Mean length of the bursts that began and ended within the stream. */
function meanBurst(lost: Uint8Array): number {
  const lengths: number[] = [];
  let length = Number.NaN; // not since the stream's beginning
  for (const each of lost) {
    if (each === 1) length++;
    else {
      if (length > 0) lengths.push(length);
      length = 0;
    }
  }
  return lengths.reduce((sum, each) => sum + each, 0) / lengths.length;
}

/** Of the states, about their known mean, so that the estimate has no bias. */
function autocorrelation(states: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i + LAG < states.length; i++) {
    sum += (states[i]! - STATIONARY_BAD) * (states[i + LAG]! - STATIONARY_BAD);
  }
  return sum / (states.length - LAG) / (STATIONARY_BAD * (1 - STATIONARY_BAD));
}

/** e to the k ln x: a power without Math.pow. */
function power(x: number, k: number): number {
  return Math.exp(k * Math.log(x));
}

const stationaryLoss: ClosedForm = {
  id: "burst-loss-mean",
  quantity: `Gilbert-Elliott, p ${TO_BAD}, r ${TO_GOOD}, losses ${LOSS_IN_BAD} and ${LOSS_IN_GOOD}: ratio of messages lost`,
  formula: "pi_G e_G + pi_B e_B, pi_B = p / (p + r)",
  source: SOURCE,
  mistake: "p and r taken for each other",
  measure: (effort): Finding => ({
    expected: (1 - STATIONARY_BAD) * LOSS_IN_GOOD + STATIONARY_BAD * LOSS_IN_BAD,
    ...replicated(effort, SOFT, meanOf),
    mistaken: STATIONARY_BAD * LOSS_IN_GOOD + (1 - STATIONARY_BAD) * LOSS_IN_BAD,
  }),
};

const sojourn: ClosedForm = {
  id: "burst-length",
  quantity: `Gilbert-Elliott, p ${TO_BAD}, r ${TO_GOOD}: mean number of messages in a bad spell`,
  formula: "1 / r",
  source: SOURCE,
  mistake: "a state drawn anew for each message: 1 / (1 - pi_B)",
  measure: (effort): Finding => ({
    expected: 1 / TO_GOOD,
    ...replicated(effort, HARD, meanBurst),
    mistaken: 1 / (1 - STATIONARY_BAD),
  }),
};

const correlation: ClosedForm = {
  id: "burst-autocorrelation",
  quantity: `Gilbert-Elliott, p ${TO_BAD}, r ${TO_GOOD}: autocorrelation of the state, ${LAG} messages apart`,
  formula: "(1 - p - r)^k",
  source: SOURCE,
  mistake: "k + 1",
  measure: (effort): Finding => ({
    expected: power(1 - TO_BAD - TO_GOOD, LAG),
    ...replicated(effort, HARD, autocorrelation),
    mistaken: power(1 - TO_BAD - TO_GOOD, LAG + 1),
  }),
};

const SIZE = 30;
const QUORUM = 21;
const ROUNDS = 5_000;
const ROUND_MS = 100;
/** Of each replication. */
const BURSTY_ROUNDS = 200;
/** Mean loss of a quarter, as in `quorum-independent`; bad spells last as long as a round's questions on average. */
const QUARTER: Burst = { kind: "burst-loss", toBad: 1 / 90, toGood: 1 / 30, lossInBad: 1, lossInGood: 0 };
const LOSS = 0.25;

/** In how many rounds one node hears from a quorum of those whom it asks, where only the questions may be lost. */
function quorums(seed: number, rounds: number, trouble: LinkTrouble): number {
  let reached = 0;
  let answers = 0;
  const asker: NodePlan<number> = (host) => ({
    start: () => host.setTimer(0, 0),
    wake: (round) => {
      answers = 0;
      for (let to = 1; to <= SIZE; to++) host.send(to, round);
      if (round + 1 < rounds) host.setTimer(ROUND_MS, round + 1);
    },
    receive: () => {
      answers++;
      if (answers === QUORUM) reached++;
    },
  });
  const others: NodePlan<number>[] = Array.from({ length: SIZE }, () => (host) => ({
    receive: (from, round) => host.send(from, round),
  }));
  const everyone = Array.from({ length: SIZE + 1 }, (_, address) => address);
  const links = [linkFault(0, ALWAYS, oneWay(SIZE + 1, [0], everyone), trouble)];
  const faults = new Faults(planOf({ links }), seed, SIZE + 1);
  const faulty = new FaultyLinks(fixedLinks(US_PER_MS), faults, SIZE + 1);
  startedSimulationOf<number>([asker, ...others], { links: faulty }).run(rounds * ROUND_MS * US_PER_MS);
  return reached;
}

const independent = atLeast(QUORUM, SIZE, 1 - LOSS);

/**
 * P(at most `most` of a round's messages are lost) where all are in the bad state and none in the good, exactly: the chain's states and the number
 * lost so far, step by step.
 */
function atMostLost(most: number, { toBad, toGood }: Burst): number {
  const bad = toBad / (toBad + toGood);
  let states = [
    { good: 1 - bad, bad: 0 },
    { good: 0, bad },
  ];
  for (let message = 1; message < SIZE; message++) {
    const next = Array.from({ length: states.length + 1 }, () => ({ good: 0, bad: 0 }));
    for (const [lost, at] of states.entries()) {
      next[lost]!.good += at.good * (1 - toBad) + at.bad * toGood;
      next[lost + 1]!.bad += at.good * toBad + at.bad * (1 - toGood);
    }
    states = next;
  }
  return states.slice(0, most + 1).reduce((sum, at) => sum + at.good + at.bad, 0);
}

const bursty = atMostLost(SIZE - QUORUM, QUARTER);

const quorumUnderLoss: ClosedForm = {
  id: "quorum-fault-loss",
  quantity: `${QUORUM} of ${SIZE} answer, each question lost with probability ${LOSS} by a fault: probability`,
  formula: "sum over j >= k of C(n, j) q^j (1 - q)^(n - j), q = 1 - loss",
  source: "David and Nagaraja, Order Statistics (2003), 2.1, with 1 - loss for F",
  mistake: "the same mean loss in bursts",
  measure: (effort): Finding => ({
    expected: independent,
    ...probability(quorums(SEED, ROUNDS * effort, { kind: "loss", ratio: LOSS }), ROUNDS * effort),
    mistaken: bursty,
  }),
};

/** Rounds follow each other on one chain of the asker's, so each replication gives one ratio. */
const quorumUnderBursts: ClosedForm = {
  id: "quorum-fault-bursts",
  quantity: "the same where a Gilbert-Elliott fault loses as many on average, 30 in a row: probability",
  formula: "P(at most n - k of n steps of the chain are bad), by dynamic programming over state and number",
  source: SOURCE,
  mistake: "the binomial at the mean loss (negative control)",
  measure: (effort): Finding => {
    const rounds = BURSTY_ROUNDS * effort;
    const samples = Array.from({ length: REPLICATIONS }, (_, i) => quorums(SEED + i, rounds, QUARTER) / rounds);
    return { expected: bursty, ...meanOfReplications(samples), mistaken: independent };
  },
};

export const BURSTS: readonly ClosedForm[] = [stationaryLoss, sojourn, correlation, quorumUnderLoss, quorumUnderBursts];
