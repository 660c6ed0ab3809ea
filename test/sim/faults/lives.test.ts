import { describe, expect, it } from "vitest";
import type { Host, Job } from "../../../protocol/contract.js";
import type { NodeTrouble } from "../../../sim/faults/fault-plan.js";
import { Faults } from "../../../sim/faults/faults.js";
import { NEVER_STARTS, type Platform } from "../../../sim/platform.js";
import type { SimulationSetup } from "../../../sim/setup.js";
import { US_PER_MS } from "../../../sim/time.js";
import { fixedService, type NodePlan, SEED, simulationOf, startedSimulationOf } from "../plain-world.js";
import { nodeFault, planOf, type Span } from "./plans.js";

const CRASH: NodeTrouble = { kind: "crash" };
const POWER_OFF: NodeTrouble = { kind: "power-off" };
const PAUSE: NodeTrouble = { kind: "pause" };

/** Orders take 1 ms and a start 10 ms. */
const platform: Platform = { orderUs: () => US_PER_MS, startUpUs: () => 10 * US_PER_MS };

type Troubles = readonly (readonly [NodeTrouble, Span])[];

/**
 * A simulation in which troubles happen to node 1, and a diary of what that saw: [ms, what]. Node 0 may do things to it.
 * Messages take 10 ms and jobs 20.
 */
function diaryOf(
  troubles: Troubles,
  ofOne: (host: Host<unknown, unknown>, note: (what: string) => void) => ReturnType<NodePlan>,
  setUp: (act: Act) => void = () => {},
  overrides: Partial<SimulationSetup<unknown, unknown>> = {},
) {
  const diary: [number, string][] = [];
  const nodes = troubles.map(([trouble, span], fault) => nodeFault(fault, span, [1], trouble));
  let hostOfZero: Host<unknown, unknown> | undefined;
  let processes = 0;
  const simulation = simulationOf(
    [
      (host) => {
        hostOfZero = host;
        return {};
      },
      (host) => {
        const process = ++processes;
        const note = (what: string) =>
          diary.push([simulation.nowUs / US_PER_MS, process === 1 ? what : `${what} (process ${process})`]);
        return ofOne(host, note);
      },
    ],
    {
      faults: new Faults(planOf({ nodes }), SEED, 2),
      platform,
      serviceTimes: fixedService(20 * US_PER_MS),
      observer: { onLife: (nowUs, address, life) => diary.push([nowUs / US_PER_MS, `${address} is ${life}`]) },
      ...overrides,
    },
  );
  simulation.start();
  const at = (ms: number, happen: () => void) => simulation.command(ms * US_PER_MS, 0, happen);
  setUp({
    tell: (ms, what) => at(ms, () => hostOfZero!.send(1, what)),
    provision: (ms) => at(ms, () => hostOfZero!.provision(1)),
    revive: (ms) => at(ms, () => hostOfZero!.revive(1)),
    command: (ms, what) =>
      simulation.command(ms * US_PER_MS, 1, () => diary.push([simulation.nowUs / US_PER_MS, what])),
  });
  simulation.run(1_000 * US_PER_MS);
  expect(simulation.conservation.violations).toBe(0);
  const { accepted, rejected: _, ...fates } = simulation.processors.counts;
  expect(Object.values(fates).reduce((sum, count) => sum + count, 0)).toBe(accepted);
  return { diary, simulation, books: simulation.books() };
}

interface Act {
  tell(ms: number, what: string): void;
  provision(ms: number): void;
  revive(ms: number): void;
  command(ms: number, what: string): void;
}

const job = (ttlMs = 1e9): Job => ({ priority: 1, payloadWeight: 0, ttlMs });
/** Notes what it is told and nothing else. */
const listener = (_: Host<unknown, unknown>, note: (what: string) => void) => ({
  receive: (_from: number, what: unknown) => note(`${what}`),
});

describe("a node that crashes", () => {
  it("loses what is under way, and starts anew with what it saved last", () => {
    const { diary, books } = diaryOf([[CRASH, [100, 200]]], (host, note) => ({
      start: (saved) => {
        note(`started with ${JSON.stringify(saved)}`);
        if (saved !== undefined) return;
        host.save({ term: 1 });
        host.save({ term: 2 });
        host.setTimer(90, 1);
        host.setTimer(150, 2);
        host.setTimer(250, 3);
      },
      wake: (tag) => {
        note(`timer ${tag}`);
        // One in service until 110, one that waits.
        host.work(job());
        host.work(job());
      },
      done: (_job, outcome) => note(outcome),
    }));
    expect(diary).toEqual([
      [0, "started with undefined"],
      [90, "timer 1"],
      [100, "1 is down"],
      [200, "1 is up"],
      [200, 'started with {"term":2} (process 2)'],
    ]);
    expect(books.jobs).toMatchObject({ accepted: 2, aborted: 2, finished: 0, waiting: 0, inService: 0 });
    expect(books.lives).toMatchObject({ ended: 1, started: 1 });
    expect(books.effects).toEqual([1]);
  });

  it("hears nothing while it is down, whenever it was sent; what arrives after its restart, it hears", () => {
    const { diary, books } = diaryOf([[CRASH, [100, 200]]], listener, ({ tell, command }) => {
      for (const ms of [85, 95, 150, 195]) tell(ms, `sent at ${ms}`);
      for (const ms of [99, 150, 201]) command(ms, "command");
    });
    expect(diary).toEqual([
      [95, "sent at 85"],
      [99, "command"],
      [100, "1 is down"],
      [200, "1 is up"],
      [201, "command"],
      [205, "sent at 195 (process 2)"],
    ]);
    expect(books.messages).toMatchObject({ sent: 4, delivered: 2, undelivered: 2 });
    expect(books.lives.commandsRefused).toBe(1);
  });

  it("does not hear the timers and jobs of the process before, even where they are due after the next has its own", () => {
    const { diary } = diaryOf([[CRASH, [100, 110]]], (host, note) => ({
      start: (saved) => {
        host.setTimer(saved === undefined ? 120 : 30, saved === undefined ? 1 : 2);
        host.save({});
      },
      wake: (tag) => note(`timer ${tag}`),
    }));
    expect(diary.slice(2)).toEqual([[140, "timer 2 (process 2)"]]);
  });

  it("can be idle again: its processor is free for the next process", () => {
    const { diary } = diaryOf([[CRASH, [10, 50]]], (host, note) => ({
      start: () => host.work(job()),
      done: (_job, outcome) => note(outcome),
    }));
    expect(diary).toEqual([
      [10, "1 is down"],
      [50, "1 is up"],
      [70, "finished (process 2)"],
    ]);
  });
});

describe("an appointment", () => {
  it("is due whether or not its node is there to keep it, on time, and waits for one that stands still", () => {
    const seen: [number, string][] = [];
    const { simulation } = diaryOf(
      [
        [CRASH, [100, 200]],
        [PAUSE, [300, 400]],
      ],
      () => ({}),
    );
    const again = startedSimulationOf([() => ({}), () => ({})], {
      faults: new Faults(
        planOf({ nodes: [nodeFault(0, [100, 200], [1], CRASH), nodeFault(1, [300, 400], [1], PAUSE)] }),
        SEED,
        2,
      ),
    });
    for (const ms of [150, 350]) {
      again.appoint(ms * US_PER_MS, 1, () => {
        seen.push([again.nowUs / US_PER_MS, "due"]);
        return () => seen.push([again.nowUs / US_PER_MS, "kept"]);
      });
    }
    again.run(1_000 * US_PER_MS);
    expect(seen).toEqual([
      [150, "due"],
      [350, "due"],
      [400, "kept"],
    ]);
    expect(again.books().lives.commandsRefused).toBe(1);
    expect(simulation.books().lives.paused).toBe(1);
  });
});

describe("a node that stands still", () => {
  it("takes up what came meanwhile in the order in which it came, when it goes on", () => {
    const { diary, books } = diaryOf(
      [[PAUSE, [100, 200]]],
      (host, note) => ({
        start: () => host.setTimer(155, 1),
        wake: (tag) => note(`timer ${tag}`),
        receive: (_from, what) => note(`${what} at ${host.now()}`),
      }),
      ({ tell, command }) => {
        tell(150, "later");
        tell(140, "earlier");
        command(152, "command");
        tell(190, "at the end");
      },
    );
    expect(diary).toEqual([
      [100, "1 is paused"],
      [200, "1 is resumed"],
      [200, "earlier at 200"],
      [200, "command"],
      [200, "timer 1"],
      [200, "later at 200"],
      // From a lower address, so before the end of the pause at the same instant: last of what was put off.
      [200, "at the end at 200"],
    ]);
    expect(books.messages).toMatchObject({ delivered: 3, undelivered: 0 });
    expect(books.effects).toEqual([1]);
  });

  it("counts what has come as in flight meanwhile", () => {
    const { simulation } = diaryOf([[PAUSE, [100, 5_000]]], listener, ({ tell }) => {
      for (let i = 0; i < 5; i++) tell(150, "hello");
    });
    expect(simulation.conservation.inFlight).toBe(5);
    simulation.run(6_000 * US_PER_MS);
    expect(simulation.conservation.inFlight).toBe(0);
    expect(simulation.transport.counts.delivered).toBe(5);
  });

  it("can cancel, when it goes on, a timer that was due meanwhile", () => {
    const { diary } = diaryOf(
      [[PAUSE, [100, 200]]],
      (host, note) => {
        let timer = 0;
        return {
          start: () => {
            timer = host.setTimer(160, 1);
          },
          receive: () => host.cancelTimer(timer),
          wake: () => note("woke"),
        };
      },
      ({ tell }) => tell(120, "cancel it"),
    );
    expect(diary.map(([, what]) => what)).toEqual(["1 is paused", "1 is resumed"]);
  });

  it.each<[string, Span[], number]>([
    ["that ends in a pause of 100 ms, by 100 ms", [[10, 110]], 120],
    ["that is in service through a short pause, by that", [[5, 8]], 23],
    [
      "through two pauses, by both",
      [
        [5, 8],
        [12, 15],
      ],
      26,
    ],
    [
      "that would end in the second pause",
      [
        [5, 10],
        [22, 30],
      ],
      33,
    ],
    [
      "through two pauses that overlap, by the time that either lasts",
      [
        [5, 10],
        [8, 15],
      ],
      30,
    ],
    ["that ends before the pause, by nothing", [[25, 30]], 20],
  ])("ends a job of 20 ms %s", (_, spans, doneMs) => {
    const { diary } = diaryOf(
      spans.map((span) => [PAUSE, span] as const),
      (host, note) => ({ start: () => host.work(job()), done: (_job, outcome) => note(outcome) }),
    );
    expect(diary.filter(([, what]) => what === "finished")).toEqual([[doneMs, "finished"]]);
  });

  it("owes the delay to the job that was in service and to none after it", () => {
    const { diary } = diaryOf([[PAUSE, [5, 15]]], (host, note) => ({
      start: () => {
        host.work(job());
        host.work(job());
      },
      done: () => note("done"),
    }));
    expect(diary.slice(2)).toEqual([
      [30, "done"],
      [50, "done"],
    ]);
  });
});

describe("a fresh process", () => {
  it("is there after order and start-up, in place of one that crashed, which then does not come back", () => {
    const { diary, books } = diaryOf([[CRASH, [100, 500]]], listener, ({ provision, tell }) => {
      provision(200);
      tell(200, "too early");
      tell(202, "hello");
    });
    expect(diary).toEqual([
      [100, "1 is down"],
      [211, "1 is up"],
      [212, "hello (process 2)"],
    ]);
    expect(books.lives).toMatchObject({ provisioned: 1, provisionsRefused: 0, ended: 1, started: 1 });
  });

  it("ordered twice while it comes up is one, and a third one replaces it", () => {
    const { diary, books } = diaryOf([[CRASH, [100, 500]]], listener, ({ provision }) => {
      provision(200);
      provision(205);
      provision(300);
    });
    expect(diary).toEqual([
      [100, "1 is down"],
      [211, "1 is up"],
      [301, "1 is down"],
      [311, "1 is up"],
    ]);
    expect(books.lives.provisioned).toBe(2);
  });

  it("ends the old process first, be it running or standing still, and nothing of that one remains", () => {
    const { diary, books } = diaryOf([[PAUSE, [100, 300]]], listener, ({ provision, tell }) => {
      tell(150, "put off, and then lost");
      provision(200);
      tell(250, "hello");
    });
    expect(diary).toEqual([
      [100, "1 is paused"],
      [201, "1 is down"],
      [211, "1 is up"],
      [260, "hello (process 2)"],
    ]);
    expect(books.messages).toMatchObject({ undelivered: 1, delivered: 1 });
  });

  it("is only for one that is gone, where it is so ordered: who runs or stands still goes on", () => {
    const { diary, books } = diaryOf(
      [
        [PAUSE, [100, 300]],
        [CRASH, [400, Number.POSITIVE_INFINITY]],
      ],
      listener,
      ({ revive, tell }) => {
        revive(50);
        revive(150);
        revive(500);
        revive(505);
        tell(600, "hello");
      },
    );
    expect(diary).toEqual([
      [100, "1 is paused"],
      [300, "1 is resumed"],
      [400, "1 is down"],
      [511, "1 is up"],
      [610, "hello (process 2)"],
    ]);
    expect(books.lives).toMatchObject({ provisioned: 1, ended: 1, started: 1 });
  });

  it("starts with what the process before it saved", () => {
    const { diary } = diaryOf(
      [[CRASH, [50, 60]]],
      (host, note) => ({
        start: (saved) => {
          note(JSON.stringify(saved) ?? "nothing");
          host.save({ starts: ((saved?.starts as number) ?? 0) + 1 });
        },
      }),
      ({ provision }) => provision(99),
    );
    expect(diary.filter(([, what]) => !what.startsWith("1 is"))).toEqual([
      [0, "nothing"],
      [60, '{"starts":1} (process 2)'],
      [110, '{"starts":2} (process 3)'],
    ]);
  });

  it("never comes of a person, nor while the power is off, nor of a start-up that the power goes in", () => {
    const person: Platform = { orderUs: () => 1, startUpUs: () => NEVER_STARTS };
    const never = diaryOf([[CRASH, [100, 500]]], listener, ({ provision }) => provision(200), { platform: person });
    expect(never.diary.map(([ms]) => ms)).toEqual([100, 500]);
    expect(never.books.lives.provisionsRefused).toBe(1);

    const off = diaryOf([[POWER_OFF, [100, 500]]], listener, ({ provision }) => provision(200));
    expect(off.diary.map(([ms]) => ms)).toEqual([100, 500]);
    expect(off.books.lives.provisionsRefused).toBe(1);
    expect(off.books.effects).toEqual([2]); // it ended a process and kept one from starting

    const cut = diaryOf(
      [
        [CRASH, [100, 400]],
        [POWER_OFF, [205, 300]],
      ],
      listener,
      ({ provision }) => provision(200),
    );
    expect(cut.diary.map(([ms]) => ms)).toEqual([100, 400]);
    expect(cut.books.effects).toEqual([1, 1]);
  });

  it("is not asked for where there is no platform", () => {
    const nobody = startedSimulationOf([(host) => ({ start: () => host.provision(1) }), () => ({})]);
    nobody.run(1_000);
    expect([nobody.eventCount, nobody.books().lives.provisioned]).toEqual([0, 0]);
  });
});

describe("troubles of one node that overlap", () => {
  it.each<[string, Troubles, [number, string][]]>([
    [
      "two crashes: the later end counts",
      [
        [CRASH, [100, 300]],
        [CRASH, [200, 250]],
      ],
      [
        [100, "down"],
        [300, "up"],
      ],
    ],
    [
      "two crashes in a row",
      [
        [CRASH, [100, 200]],
        [CRASH, [200, 300]],
      ],
      [
        [100, "down"],
        [200, "up"],
        [200, "down"],
        [300, "up"],
      ],
    ],
    [
      "power off within a crash",
      [
        [CRASH, [100, 300]],
        [POWER_OFF, [200, 250]],
      ],
      [
        [100, "down"],
        [300, "up"],
      ],
    ],
    [
      "power off over the end of a crash",
      [
        [CRASH, [100, 300]],
        [POWER_OFF, [200, 400]],
      ],
      [
        [100, "down"],
        [400, "up"],
      ],
    ],
    [
      "a crash in a pause: the next process does not stand still",
      [
        [PAUSE, [100, 400]],
        [CRASH, [200, 250]],
      ],
      [
        [100, "paused"],
        [200, "down"],
        [250, "up"],
      ],
    ],
    [
      "a pause in a crash strikes nothing",
      [
        [CRASH, [100, 300]],
        [PAUSE, [200, 400]],
      ],
      [
        [100, "down"],
        [300, "up"],
      ],
    ],
    [
      "a pause within a pause",
      [
        [PAUSE, [100, 400]],
        [PAUSE, [200, 300]],
      ],
      [
        [100, "paused"],
        [400, "resumed"],
      ],
    ],
    [
      "a crash for ever",
      [
        [CRASH, [100, Number.POSITIVE_INFINITY]],
        [CRASH, [200, 300]],
      ],
      [[100, "down"]],
    ],
  ])("%s", (_, troubles, lives) => {
    const { diary } = diaryOf(troubles, () => ({}));
    expect(diary).toEqual(lives.map(([ms, life]) => [ms, `1 is ${life}`]));
  });

  it.each<[string, Troubles, number[]]>([
    [
      "a crash that keeps it down for longer",
      [
        [CRASH, [100, 300]],
        [CRASH, [200, 400]],
      ],
      [1, 1],
    ],
    [
      "power that is off for longer",
      [
        [CRASH, [100, 300]],
        [POWER_OFF, [200, 400]],
      ],
      [1, 1],
    ],
    [
      "a crash for ever",
      [
        [CRASH, [100, 300]],
        [CRASH, [200, Number.POSITIVE_INFINITY]],
      ],
      [1, 1],
    ],
    [
      "no crash that is over before",
      [
        [CRASH, [100, 300]],
        [CRASH, [200, 250]],
      ],
      [1, 0],
    ],
  ])("count as effects on a node that is down: %s", (_, troubles, effects) => {
    expect(diaryOf(troubles, () => ({})).books.effects).toEqual(effects);
  });

  it("count as effects only where there was something to strike", () => {
    const effectsOf = (troubles: Troubles) => diaryOf(troubles, () => ({})).books.effects;
    expect(
      effectsOf([
        [CRASH, [100, 300]],
        [PAUSE, [200, 400]],
      ]),
    ).toEqual([1, 0]);
    expect(
      effectsOf([
        [CRASH, [100, 300]],
        [CRASH, [200, 300]],
      ]),
    ).toEqual([1, 0]);
    expect(
      effectsOf([
        [PAUSE, [100, 300]],
        [CRASH, [200, 400]],
      ]),
    ).toEqual([1, 1]);
  });
});
