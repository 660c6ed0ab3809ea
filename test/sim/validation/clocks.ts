/** What nodes read on clocks that are set wrong and run fast or slow. All but the last are not random. */
import type { Clocks } from "../../../sim/clock.js";
import { US_PER_MS, US_PER_S } from "../../../sim/time.js";
import { fixedLinks, type NodePlan, SEED, startedSimulationOf } from "../plain-world.js";
import type { ClosedForm, Finding } from "./closed-form.js";
import { Draws } from "./draws.js";
import { exact, meanOfIndependent } from "./intervals.js";

interface Skew {
  readonly offsetMs: number;
  /** Ratio by which the clock runs fast. */
  readonly rate: number;
}

const SKEWS: readonly Skew[] = [
  { offsetMs: 1_234.5, rate: 200e-6 },
  { offsetMs: -60_000, rate: -35e-6 },
];

/** Clocks that are set wrong once and then run at a rate of their own. */
const skewedClocks: Clocks = {
  wallMs: (address, trueUs) => SKEWS[address]!.offsetMs + (trueUs / US_PER_MS) * (1 + SKEWS[address]!.rate),
  trueDurationUs: (address, durationMs) => Math.round((durationMs * US_PER_MS) / (1 + SKEWS[address]!.rate)),
};

const timerDuration: ClosedForm = {
  id: "clock-timer",
  quantity: "1,000 timers of 1 s in a row on an oscillator that is 200 ppm fast: true time, ms",
  formula: "n D / (1 + r)",
  source: "definition of rate",
  mistake: "timers in true time",
  measure: (): Finding => {
    const timers = 1_000;
    const [{ rate }] = SKEWS as [Skew, Skew];
    let fired = 0;
    let lastUs = 0;
    const node: NodePlan = (host) => ({
      start: () => host.setTimer(1_000, 1),
      wake: () => {
        lastUs = simulation.nowUs;
        if (++fired < timers) host.setTimer(1_000, 1);
      },
    });
    const simulation = startedSimulationOf([node], { clocks: skewedClocks });
    simulation.run(2 * timers * US_PER_S);
    return {
      expected: (timers * 1_000) / (1 + rate),
      ...exact(lastUs / US_PER_MS, (timers * 0.5) / US_PER_MS), // each is rounded to the nearest µs
      mistaken: timers * 1_000,
    };
  },
};

const wallReading: ClosedForm = {
  id: "clock-wall",
  quantity: "what a clock that began 1,234.5 ms ahead and is 200 ppm fast shows after 1 h of true time, ms",
  formula: "C(t) = C(0) + (1 + r) t",
  source: "definition of offset and rate",
  mistake: "the rate left out",
  measure: (): Finding => {
    const [{ offsetMs, rate }] = SKEWS as [Skew, Skew];
    const hourUs = 3_600 * US_PER_S;
    let readMs = 0;
    let read = () => {};
    const node: NodePlan = (host) => ({
      start: () => {
        read = () => {
          readMs = host.now();
        };
      },
    });
    const simulation = startedSimulationOf([node], { clocks: skewedClocks });
    simulation.command(hourUs, 0, () => read());
    simulation.run(hourUs);
    return {
      expected: offsetMs + (1 + rate) * 3_600_000,
      ...exact(readMs, 1e-6),
      mistaken: offsetMs + 3_600_000,
    };
  },
};

const apparentDelay: ClosedForm = {
  id: "clock-apparent-delay",
  quantity: "delay of a message of 10 ms after 10 min, by its sender's stamp and its receiver's clock, ms",
  formula: "C_b(t + d) - C_a(t)",
  source: "definition of offset and rate",
  mistake: "the true delay",
  measure: (): Finding => {
    const delayMs = 10;
    const [a, b] = SKEWS as [Skew, Skew];
    let apparentMs = 0;
    let sentMs = 0;
    const sender: NodePlan<number> = (host) => ({
      start: () => host.setTimer(600_000 * (1 + a.rate), 1), // of its own time: 10 min of true time
      wake: () => {
        sentMs = simulation.nowUs / US_PER_MS;
        host.send(1, host.now());
      },
    });
    const receiver: NodePlan<number> = (host) => ({
      receive: (_, stampMs) => {
        apparentMs = host.now() - stampMs;
      },
    });
    const simulation = startedSimulationOf<number>([sender, receiver], {
      clocks: skewedClocks,
      links: fixedLinks(delayMs * US_PER_MS),
    });
    simulation.run(700 * US_PER_S);
    const showsMs = ({ offsetMs, rate }: Skew, trueMs: number) => offsetMs + (1 + rate) * trueMs;
    return {
      expected: showsMs(b, sentMs + delayMs) - showsMs(a, sentMs),
      ...exact(apparentMs, 1e-6),
      mistaken: delayMs,
    };
  },
};

/** One exchange of four time stamps after another between a clock and one that is 250 ms ahead. */
const ntpOffset: ClosedForm = {
  id: "clock-ntp-asymmetry",
  quantity:
    "offset of a clock 250 ms ahead by four time stamps, lognormal delays of median 40 ms out and 10 ms back: mean, ms",
  formula: "theta + (E[d_out] - E[d_back]) / 2, E[d] = median exp(sigma^2 / 2)",
  source: "RFC 5905 (2010), section 8",
  mistake: "paths of one length, which is what NTP must assume",
  measure: (effort): Finding => {
    const thetaMs = 250;
    const sigma = 0.5;
    const exchanges = 5_000 * effort;
    const draws = [new Draws(SEED, "ntp-out"), new Draws(SEED, "ntp-back")];
    const mediansMs = [40, 10];
    const offsetsMs: number[] = [];
    type Stamps = readonly number[];
    const client: NodePlan<Stamps> = (host) => ({
      start: () => host.setTimer(1, 1),
      wake: () => host.send(1, [host.now()]),
      receive: (_, [t1, t2, t3]) => {
        offsetsMs.push((t2! - t1! + (t3! - host.now())) / 2);
        if (offsetsMs.length < exchanges) host.setTimer(1, 1);
      },
    });
    const server: NodePlan<Stamps> = (host) => ({
      receive: (from, [t1]) => host.send(from, [t1!, host.now(), host.now()]),
    });
    const simulation = startedSimulationOf<Stamps>([client, server], {
      clocks: {
        wallMs: (address, trueUs) => trueUs / US_PER_MS + address * thetaMs,
        trueDurationUs: (_, durationMs) => Math.round(durationMs * US_PER_MS),
      },
      links: {
        delayUs: (from) => Math.max(1, Math.round(draws[from]!.lognormal(mediansMs[from]!, sigma) * US_PER_MS)),
        duplicateDelayUs: () => 0,
      },
    });
    simulation.run(exchanges * US_PER_S);
    return {
      expected: thetaMs + ((mediansMs[0]! - mediansMs[1]!) * Math.exp((sigma * sigma) / 2)) / 2,
      ...meanOfIndependent(offsetsMs),
      mistaken: thetaMs,
    };
  },
};

export const CLOCKS: readonly ClosedForm[] = [timerDuration, wallReading, apparentDelay, ntpOffset];
