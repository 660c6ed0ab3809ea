/** Follows the agents that join the running mesh (document 10.2), in true time: when each step was over, and how it went. */
import type { Address } from "../../protocol/contract.js";
import type { FailureDetectedFact, JoiningFact } from "../../protocol/mesh-30k/facts.js";
import type { Topology } from "../../protocol/mesh-30k/topology.js";
import { US_PER_S } from "../../sim/time.js";
import type { Results } from "../results.js";
import type { CascadeMeter } from "./cascade-meter.js";
import { exactQuantiles } from "./distribution.js";
import { Life } from "./mesh-notes.js";

/** The steps that are passed once, in order. */
const STEPS = ["announced", "admitted", "pooled", "whole"] as const;
type Step = (typeof STEPS)[number];

/** What is known of one newcomer; instants in true µs. */
interface Newcomer {
  startedUs?: number;
  readonly passedUs: Partial<Record<Step, number>>;
  /** Whether its process runs, and has never done anything else since it started. */
  isSound: boolean;
}

export class JoiningMeter {
  private readonly newcomers: ReadonlyMap<Address, Newcomer>;
  private setBacks = 0;
  private conflicts = 0;
  private falseFailures = 0;

  constructor(topology: Topology) {
    this.newcomers = new Map(topology.newcomers().map((address) => [address, { passedUs: {}, isSound: false }]));
  }

  /** A process has started, ended, or stands still. */
  onLife(nowUs: number, address: Address, life: Life): void {
    const newcomer = this.newcomers.get(address);
    if (newcomer === undefined) return;
    if (life === Life.joined) newcomer.startedUs = nowUs;
    newcomer.isSound = life === Life.joined;
  }

  /** @returns whether it is the first time that a lead has let this agent into its cluster */
  onStep(nowUs: number, { agentId, step }: JoiningFact): boolean {
    const { passedUs } = this.newcomers.get(agentId)!;
    if (step === "set-back") this.setBacks++;
    else if (passedUs[step] === undefined) {
      passedUs[step] = nowUs;
      return step === "admitted";
    }
    return false;
  }

  /** An agent could not take a message in. */
  onConflict(agent: Address): void {
    const newcomer = this.newcomers.get(agent);
    if (newcomer !== undefined && newcomer.passedUs.whole === undefined) this.conflicts++;
  }

  /**
   * A failure was noticed. Of a newcomer that has not started, or whose process has run ever since, it is none; but messages
   * that a network loses are, whoever they are for.
   */
  onFailure({ node, failure }: FailureDetectedFact): void {
    const newcomer = this.newcomers.get(node);
    if (newcomer === undefined || failure === "TRANSIENT_NETWORK") return;
    if (newcomer.isSound || newcomer.startedUs === undefined) this.falseFailures++;
  }

  /** Null where nobody was to join. */
  results(cascades: CascadeMeter): Results["joining"] {
    if (this.newcomers.size === 0) return null;
    const all = [...this.newcomers.values()];
    const sum = (field: "targeted" | "hits") =>
      [...this.newcomers.keys()].reduce((total, agent) => total + cascades.timesOf(agent, field), 0);
    const targeted = sum("targeted");
    return {
      agents: all.length,
      started: all.filter(({ startedUs }) => startedUs !== undefined).length,
      steps: STEPS.map((step) => {
        const tookS = all.flatMap(({ startedUs, passedUs }) => {
          const passed = passedUs[step];
          return passed === undefined || startedUs === undefined ? [] : (passed - startedUs) / US_PER_S;
        });
        return { step, agents: tookS.length, afterS: exactQuantiles(tookS) };
      }),
      targeted,
      hits: sum("hits"),
      hitRate: targeted === 0 ? null : Math.round((sum("hits") / targeted) * 1e6) / 1e6,
      conflicts: this.conflicts,
      setBacks: this.setBacks,
      falseFailures: this.falseFailures,
    };
  }
}
