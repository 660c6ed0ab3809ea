/** A mesh that agents join while it runs (MESH-30K 10.2), as a whole: what is measured of them, and of everybody else. */
import { describe, expect, it } from "vitest";
import { findingsOf } from "../../scenarios/measure/results-of.js";
import { Stage } from "../../scenarios/stage.js";
import { complaintsOf, parse, SOUND } from "./language/scenario-text.js";
import { ranOnShards } from "./shards/in-one-thread.js";
import { finished, LABELS, load, results } from "./small-mesh.js";

const MESH = `name: growing
description: a mesh that a fifth more agents join
seed: 11
warmUp: 10 s
duration: 350 s
mesh:
  sectors: 4
  clustersPerSector: 2
  agentsPerCluster: 10
  classes: { A: 20, B: 20, C: 20, D: 10, F: 10 }
  joining: { agents: 16, at: 20 s, over: 20 s }
placement: { orchestrator: eastus }
workload:
  intraCluster: 2 / s
  interCluster: 1 / s
  cascades:
    - { strategy: wave, every: 10 s, first: 5 s, verb: sync }
`;

describe("a mesh that agents join", () => {
  const run = finished(load(MESH));
  const { results: found, agents, series } = findingsOf(run.outcome(), LABELS);
  const joining = found.joining!;

  it("admits all of them within two heartbeats, a sync and their losses, and has the machines in the pool in minutes", () => {
    expect(joining).toMatchObject({ agents: 16, started: 16, falseFailures: 0 });
    const [announced, admitted, pooled] = joining.steps;
    expect(announced).toMatchObject({ step: "announced", agents: 16 });
    expect(announced!.afterS!.p50).toBeLessThan(5.5);
    expect(admitted).toMatchObject({ step: "admitted", agents: 16 });
    expect(admitted!.afterS!.p95).toBeLessThan(25);
    expect(pooled!.agents).toBeGreaterThanOrEqual(14);
    // Ten cascades until a profile counts, and a minute in which it is steady.
    expect(pooled!.afterS!.p5).toBeGreaterThan(60);
  });

  it("counts no crash, starts nobody afresh, and stays in full mode", () => {
    const { lives } = run.outcome().books;
    expect(lives).toMatchObject({ joined: 16, ended: 0, started: 0, provisioned: 0 });
    expect(found.resilience.replacements).toBe(0);
    expect(found.resilience.modes.find(({ mode }) => mode === "FULL")!.seconds).toBe(350);
    expect(found.invariants.filter(({ violations }) => violations > 0)).toEqual([]);
  });

  it("aims a cascade at those who are in when it starts, and at them alone", () => {
    const { topology } = new Stage(load(MESH));
    const machines = topology.clusters.filter(({ agentClass }) => agentClass !== "F");
    const sum = (of: "size" | "founders") => machines.reduce((total, cluster) => total + cluster[of], 0);
    const targeted = found.cascades.map((cascade) => cascade.targeted);
    expect(targeted[0]).toBe(sum("founders"));
    expect(targeted.at(-1)).toBe(sum("size"));
    expect(targeted).toEqual([...targeted].sort((a, b) => a - b));
    for (const cascade of found.cascades) expect(cascade.hits).toBeLessThanOrEqual(cascade.targeted);
    const newcomers = new Set(topology.newcomers().map((agent) => topology.nameOf(agent)));
    const rows = agents.filter(({ agent }) => newcomers.has(agent));
    expect(rows.reduce((total, row) => total + row.targeted, 0)).toBe(joining.targeted);
    const all = agents.reduce((total, row) => total + (row.class === "F" ? 0 : row.targeted), 0);
    expect(all).toBe(found.cascades.filter(({ counted }) => counted).reduce((total, each) => total + each.targeted, 0));
  });

  it("has them hit the window as everybody does, and takes them for active once they are in", () => {
    expect(joining.hitRate).toBeGreaterThan(0.95);
    expect(series[15]!.activeAgents).toBe(70);
    expect(series.at(-1)!.activeAgents).toBe(84);
    expect(found.kpis.find(({ id }) => id === "meshAvailability")!.value).toBe(1);
  });

  it("routes tasks to them in the end: they do more than cascades ask of them", () => {
    const stage = run.stage;
    const first = agents.filter(({ agent, class: of }) => {
      return of !== "F" && stage.topology.newcomers().some((each) => stage.topology.nameOf(each) === agent);
    });
    const busy = first.filter(({ received }) => received > found.cascades.length + 20);
    expect(busy.length).toBeGreaterThan(first.length / 2);
  });

  it("is the same to the byte on any number of shards", () => {
    const whole = JSON.stringify(findingsOf(run.outcome(), LABELS));
    for (const shards of [2, 4]) {
      expect(JSON.stringify(findingsOf(ranOnShards(load(MESH), shards).outcome, LABELS))).toBe(whole);
    }
  });
});

describe("newcomers and faults", () => {
  it("are not struck by a crash before they are there, which then never took effect", () => {
    const faults = "faults:\n  - crash: { id: S1-C1-A11 }\n    at: 12 s\n    for: 3 s\n";
    const { faults: rows, joining } = results(MESH + faults, ["duration=40 s"]);
    expect(rows[0]).toMatchObject({ tookEffect: false });
    expect(joining!.started).toBe(16);
  });

  it("wait for the power where it is off when they should start", () => {
    const faults = "faults:\n  - power: { off: region, region: eastus }\n    at: 15 s\n    for: 30 s\n";
    const text = MESH.replace("orchestrator: eastus", "orchestrator: westeurope, sectors: { eastus: 1 }") + faults;
    const [before, after] = [["duration=34 s"], ["duration=60 s"]].map((overrides) => results(text, overrides));
    expect(before!.joining!.started).toBe(0);
    expect(after!.joining).toMatchObject({ started: 16, falseFailures: 0 });
  });
});

describe("mesh.joining in a scenario", () => {
  const about = (joining: string) => complaintsOf(() => parse(`${SOUND}  joining: ${joining}\n`));

  it("shares agents out in proportion to the classes, and leaves a scenario without it as it was", () => {
    const { mesh } = load(MESH).scenario;
    expect(mesh.joining).toEqual({ agents: { A: 4, B: 4, C: 4, D: 2, E: 0, F: 2 }, atMs: 20_000, overMs: 20_000 });
    expect(parse(SOUND).scenario.mesh).not.toHaveProperty("joining");
  });

  it.each([
    ["{ at: 5 s }", "s.yaml:9:12: mesh.joining says of nobody that joins; expected agents or classes"],
    ["{ agents: 0 }", "s.yaml:9:22: mesh.joining.agents is 0; expected a whole number from 1 to 1000000"],
    [
      "{ agents: 3, classes: { A: 3 } }",
      "s.yaml:9:34: mesh.joining.classes stands beside agents; expected one of the two",
    ],
    [
      "{ classes: { A: 3, D: 2 } }",
      "s.yaml:9:34: mesh.joining.classes.D has no cluster to join; expected a class that the mesh has, since a cluster holds one class",
    ],
    [
      "{ agents: 3, at: 70 s }",
      "s.yaml:9:29: mesh.joining.at is 70 s, so that agents would join when the run is over; it ends 70 s after the start of warm-up",
    ],
    [
      "{ agents: 3, over: 10 s }",
      "s.yaml:9:31: mesh.joining.over is 10 s, so that agents would join when the run is over; it ends 70 s after the start of warm-up",
    ],
  ])("%s is refused, with its place", (joining, expected) => {
    expect(about(joining)).toEqual([expected]);
  });
});
