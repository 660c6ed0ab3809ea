/**
 * From the faults that a scenario declares to what breaks in its mesh, and when: a pure function of scenario and seed, so that
 * every shard works out the same. What is drawn hangs on the seed and on the name of the fault that draws it.
 */

import type { FaultPlan, NodeTrouble, Reach } from "../../sim/faults/fault-plan.js";
import { type Micros, microsFromMs } from "../../sim/time.js";
import type { FaultKind, Told } from "../language/fault-kinds.js";
import type { Lasting } from "../language/fault-timing.js";
import type { DeclaredFault } from "../language/faults-section.js";
import type { LoadedScenario } from "../language/load.js";
import { type Problem, ScenarioError } from "../language/scenario-error.js";
import { lastingInWords } from "./durations.js";
import { failuresOf } from "./failure-process.js";
import { Fault } from "./fault.js";
import type { FaultGround } from "./fault-ground.js";
import { KeyedDraw } from "./keyed-draw.js";
import { type LinkPart, packetsPart, partitionPart } from "./link-faults.js";
import { killsOf } from "./memory-pressure.js";
import {
  byzantinePart,
  clockPart,
  crashPart,
  type NodePart,
  pausePart,
  slowPart,
  tampering,
  wrongContextPart,
} from "./node-parts.js";
import { MOST_SPELLS, NodeSets, PlanBuilder, TooManySets } from "./plan-builder.js";
import { boardClocks } from "./power.js";
import { Place } from "./refusal.js";
import { type Span, type Strike, strikesOf, TooManySpans } from "./spans.js";
import { counted, targetInWords } from "./target-nodes.js";

/** A fault as results tell of it. */
export interface StagedFault {
  readonly name: string;
  readonly kind: FaultKind;
  /** What it does and to whom, in a line. */
  readonly description: string;
  /** When it strikes, in order of beginning; an instant for what is over at once. */
  readonly spells: readonly Span[];
}

/** A wrong context that is handed to agents. */
export interface ContextPush {
  readonly fault: number;
  readonly atUs: Micros;
  /** Ascending. */
  readonly nodes: Int32Array;
}

export interface StagedFaults {
  /** What the engine carries out. */
  readonly plan: FaultPlan;
  /** What the scenario does itself, in the order of the faults. */
  readonly pushes: readonly ContextPush[];
  /** In the order of the scenario; `plan` and `pushes` name them by their place here. */
  readonly faults: readonly StagedFault[];
}

/**
 * @param measuredFromUs where faults begin that do not say when
 * @param endUs of the run
 * @throws ScenarioError listing what does not fit the mesh, each with its place
 */
export function resolveFaults(
  loaded: LoadedScenario,
  ground: FaultGround,
  measuredFromUs: Micros,
  endUs: Micros,
): StagedFaults {
  const { faults: declared, seed } = loaded.scenario;
  const resolution = new Resolution(ground, seed, measuredFromUs, endUs);
  const problems: Problem[] = [];
  const faults = declared.flatMap((each, index) => {
    const place = new Place(loaded, ["faults", index]);
    try {
      return [resolution.add(each, index, place)];
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new ScenarioError(problems);
  return { plan: resolution.builder.plan(declared.length), pushes: resolution.pushes, faults };
}

class Resolution {
  readonly builder = new PlanBuilder();
  readonly pushes: ContextPush[] = [];

  constructor(
    private readonly ground: FaultGround,
    private readonly seed: number,
    private readonly measuredFromUs: Micros,
    private readonly endUs: Micros,
  ) {}

  add(declared: DeclaredFault, index: number, place: Place): StagedFault {
    const { name, kind } = declared;
    const fault = new Fault(index, name, this.ground, place.at(kind), this.seed);
    try {
      const { description, spells } = this.carryOut(declared, fault);
      return { name, kind, description, spells };
    } catch (error) {
      if (error instanceof TooManySpans) {
        place.refuse(
          `strikes too often: ${MOST_SPELLS} spells of all faults are the most; expected a lower rate, or a shorter run`,
        );
      }
      if (error instanceof TooManySets) {
        place.refuse(
          "strikes too many different sets of nodes for the memory; expected whole of something larger, or no anew",
        );
      }
      throw error;
    }
  }

  private carryOut(declared: DeclaredFault, fault: Fault): { description: string; spells: readonly Span[] } {
    const { partition, packets, crash, pause, slow, memoryPressure, wrongContext, byzantine, clock, power, failures } =
      declared.told;
    if (partition !== undefined) return this.links(partitionPart(partition, fault), declared, fault);
    if (packets !== undefined) return this.links(packetsPart(packets, fault), declared, fault);
    if (crash !== undefined) return this.nodes(crashPart(crash, fault), { kind: "crash" }, declared, fault);
    if (pause !== undefined) return this.nodes(pausePart(pause, fault), { kind: "pause" }, declared, fault);
    if (slow !== undefined)
      return this.nodes(slowPart(slow, fault), { kind: "slow", factor: slow.times }, declared, fault);
    if (byzantine !== undefined)
      return this.nodes(byzantinePart(byzantine, fault), tampering(byzantine.how), declared, fault);
    if (clock !== undefined) {
      const part = clockPart(clock, fault);
      return this.each(part, declared, fault, (span, nodes) =>
        this.builder.addClock(fault.index, span, nodes, part.trouble),
      );
    }
    if (wrongContext !== undefined) return this.push(wrongContextPart(wrongContext, fault), declared, fault);
    if (memoryPressure !== undefined) return this.squeeze(memoryPressure, declared, fault);
    if (power !== undefined) return this.cutPower(power, declared, fault);
    return this.failAtRandom(failures!, declared, fault);
  }

  private strikes({ when }: DeclaredFault, { name, ground: { world } }: Fault): Strike[] {
    const { seed, measuredFromUs: defaultAtUs, endUs } = this;
    return strikesOf(when, { name, seed, world, defaultAtUs, endUs, most: this.builder.room });
  }

  private links(part: LinkPart, declared: DeclaredFault, fault: Fault) {
    const strikes = this.strikes(declared, fault);
    const reaches = new Map<string, Reach>();
    const once = part.next();
    for (const [number, strike] of strikes.entries()) {
      const { key, reach: make } = declared.when.anew && number > 0 ? part.next() : once;
      let reach = reaches.get(key);
      if (reach === undefined) {
        this.builder.noteSet(fault.ground.nodeCount);
        reach = make();
        reaches.set(key, reach);
      }
      for (const span of strike) {
        for (const trouble of part.troubles) this.builder.addLink(fault.index, span, reach, trouble);
      }
    }
    return { description: part.description, spells: strikes.flat() };
  }

  private nodes(part: NodePart, trouble: NodeTrouble, declared: DeclaredFault, fault: Fault) {
    return this.each(part, declared, fault, (span, nodes) => this.builder.addNodes(fault.index, span, nodes, trouble));
  }

  /** Strikes the nodes that are drawn, once or anew each time. */
  private each(
    { targets, description }: NodePart,
    declared: DeclaredFault,
    fault: Fault,
    strikeNodes: (span: Span, nodes: Int32Array) => void,
  ) {
    const strikes = this.strikes(declared, fault);
    const sets = new NodeSets(this.builder);
    let nodes = sets.of(targets.chosen());
    const size = nodes.length;
    for (const [number, strike] of strikes.entries()) {
      if (declared.when.anew && number > 0) nodes = sets.of(targets.chosen());
      for (const span of strike) strikeNodes(span, nodes);
    }
    return { description: `${description} (${counted(size, "node")})`, spells: strikes.flat() };
  }

  /** Over as soon as it is pushed. */
  private push(part: NodePart, declared: DeclaredFault, fault: Fault) {
    const { when, ...rest } = declared;
    const atOnce = { ...rest, when: { ...when, forMs: 0 } };
    return this.each(part, atOnce, fault, ({ fromUs: atUs }, nodes) => {
      this.pushes.push({ fault: fault.index, atUs, nodes });
    });
  }

  private squeeze(told: NonNullable<Told["memoryPressure"]>, declared: DeclaredFault, fault: Fault) {
    const { times, kills, ...target } = told;
    const { world } = fault.ground;
    const { slowFactor, killsPerH } = world.faults.memoryPressure;
    const factor = times ?? slowFactor;
    const killsPerSecond = kills ?? killsPerH / 3600;
    const targets = fault.candidates(target);
    const draws = KeyedDraw.each(this.seed, `${fault.name}/kills`, fault.ground.nodeCount);
    const single = new NodeSets(this.builder);
    const description = `memory pressure on ${targetInWords(target)}: ${factor} times slower, ${Number((killsPerSecond * 3600).toPrecision(6))} kills/h each`;
    return this.each({ targets, description }, declared, fault, (span, nodes) => {
      this.builder.addNodes(fault.index, span, nodes, { kind: "slow", factor });
      for (const id of nodes) {
        const one = single.of([{ id, nodes: [id] }]);
        for (const down of killsOf(killsPerSecond, span, this.endUs, world, draws[id]!, this.builder.room)) {
          this.builder.addNodes(fault.index, down, one, { kind: "crash" });
        }
      }
    });
  }

  private cutPower({ off, ...target }: NonNullable<Told["power"]>, declared: DeclaredFault, fault: Fault) {
    const targets = fault.candidatesOf(target, { whole: off });
    const draw = fault.drawFor("board-clocks");
    const description = `no power for ${targetInWords({ ...target, whole: off })}`;
    return this.each({ targets, description }, declared, fault, (span, nodes) => this.darken(fault, span, nodes, draw));
  }

  private darken(fault: Fault, span: Span, nodes: Int32Array, draw: KeyedDraw): void {
    const { sites, world } = fault.ground;
    const boards = { idsOf: fault.ground.idsOf("board"), membersOf: fault.ground.membersOf("board") };
    this.builder.addNodes(fault.index, span, nodes, { kind: "power-off" });
    for (const clock of boardClocks(fault.index, nodes, span, { sites, world, ...boards }, draw)) {
      this.builder.addClock(fault.index, clock, clock.nodes, clock.trouble);
    }
  }

  private failAtRandom(told: NonNullable<Told["failures"]>, { when }: DeclaredFault, fault: Fault) {
    const { of, mtbf, mttr, repair, burstShare, burstSize, ...target } = told;
    const { world } = fault.ground;
    const { machine, burst } = world.faults;
    const units = fault.candidatesOf(target, { whole: of }).chosen();
    const fromUs = when.atMs === undefined ? this.measuredFromUs : microsFromMs(when.atMs);
    const lasts = when.lasting === undefined ? when.forMs : undefined;
    if (when.lasting !== undefined) fault.at().refuse("last as long as for says; expected for in place of lasting");
    const untilUs = lasts === undefined ? this.endUs : Math.min(this.endUs, fromUs + microsFromMs(lasts));
    const mtbfMs = mtbf ?? machine.mtbfH * 3_600_000;
    const mending: Lasting = repair ?? (mttr === undefined ? { as: "repairs" } : { meanMs: mttr });
    const process = {
      units: units.length,
      mtbfMs,
      repair: mending,
      burstShare: burstShare ?? burst.share,
      burstSize: burstSize ?? burst.meanSize,
      world,
      seed: this.seed,
      name: fault.name,
    };
    const draws = KeyedDraw.each(this.seed, `${fault.name}/board-clocks`, units.length);
    const sets = new NodeSets(this.builder);
    const down = failuresOf(process, { fromUs, untilUs }, this.builder.room);
    const spells = down.flatMap((spans, unit) => {
      if (spans.length === 0) return [];
      const nodes = sets.of([units[unit]!]);
      for (const span of spans) this.darken(fault, span, nodes, draws[unit]!);
      return spans;
    });
    spells.sort((a, b) => a.fromUs - b.fromUs || a.untilUs - b.untilUs);
    const each = `each once in ${Number((mtbfMs / 1000 / 3600).toPrecision(6))} h`;
    const description = `random failures of ${counted(units.length, of)}, ${each}, ${Math.round(process.burstShare * 100)} % in bursts, repairs ${lastingInWords(mending)}`;
    return { description, spells };
  }
}
