/**
 * How a lead detects the failures of its agents, and what it does about them (document 6.1): from their heartbeats,
 * answers and silence alone. Time is counted in the lead's own sweeps and summary intervals, never on the wall clock.
 */
import type { Address, Millis } from "../../contract.js";
import type { Child } from "../child.js";
import type { ImpedanceClass } from "../impedance-class.js";
import { DEGRADED_SCORE } from "../impedance-score.js";
import type { AgentImpedance, OperationalState } from "../messages.js";
import { SAMPLE_WINDOW, TRIAL_MS } from "../parameters.js";
import { AgentTrouble, type Replacing } from "./agent-trouble.js";
import { backoffMs } from "./backoff.js";
import { CONSECUTIVE_FAILURES, type FailureClass, MULTIPLE_AGENTS } from "./failure-class.js";
import type { FailureEvidence } from "./failure-evidence.js";
import type { KnownContexts } from "./known-contexts.js";

/** What a watch wants done. */
export interface WatchActions {
  detected(failure: FailureClass, agent: Address, evidence: string): void;
  recovered(failure: FailureClass, agent: Address): void;
  escalate(failure: FailureClass, agent: Address): void;
  /** Counts a failure for the cluster's breaker. */
  count(failure: FailureClass, agent: Address): void;
  /** Asks for a fresh process. */
  replace(agent: Address, attempt: number): void;
  /** Sends an agent the context that it should hold; false if it holds it, or the lead has none to send. */
  reload(child: Child): boolean;
  /** @param isTrial whether the child is to do some work, too */
  probe(child: Child, isTrial: boolean): void;
  hold(child: Child, state: OperationalState): void;
}

export interface WatchSettings {
  readonly agentClass: ImpedanceClass;
  /** People are slow and do not answer, and have not failed (option `humanTargets`). */
  readonly judgesAnswers: boolean;
  /** People take a context in minutes or hours after it was sent, when everybody else has had many others. */
  readonly judgesContexts: boolean;
  /** A probe shows a machine how long its way is, and how long its work takes; not as written, by two clocks (option `latencyEstimate`). */
  readonly probesDegraded: boolean;
  readonly heartbeatMs: Millis;
  readonly summaryMs: Millis;
  readonly evidence: FailureEvidence;
}

/**
 * How long a replaced agent of each class may take until its first heartbeat, beside two heartbeat intervals: how long
 * its platform needs to start one, generously (docs/protocols.md, Failures).
 */
export const START_UP_MS: Readonly<Record<ImpedanceClass, Millis>> = {
  A: 1_000,
  B: 10_000,
  C: 60_000,
  D: 120_000,
  E: 90_000,
  F: 10_000,
};
/** Between two tries to replace an agent there are at most so many ms. */
const LONGEST_WAIT_MS = 300_000;
/** Where nobody at all is heard, the lead's own way is suspected first, and replacing waits so long. */
const HOLD_BACK_S = 30;
/** Results that contradict the others before it is Byzantine: "repeated". */
const CONTRADICTIONS = 2;
/** Known contexts in a row, or right answers to probes, until an agent is let out of quarantine. */
const GOOD_REPORTS = 3;
const GOOD_ANSWERS = 5;
/** How often an agent is probed, by what it needs. */
const PROBE_EVERY_S = { sign: 5, trial: TRIAL_MS / 1000 };
/** Reports with a wrong context after which it is sent once more; reloads after which a fresh process is asked for. */
const REPORTS_PER_RELOAD = 2;
const RELOADS = 3;
/** Reports in a row with ever other contexts that nobody knows; of one and the same, two are enough. */
const CHANGING_DOUBTS = 4;
/** Share of the other agents that have to hold a context before it is the lead that does not know it. */
const WITNESS_SHARE = 1 / 3;

export class AgentWatch {
  /** While the cluster is frozen, agents hold back what they were given, and nobody has failed by not answering. */
  isPaused = false;
  private readonly troubles = new Map<Address, AgentTrouble>();
  private seconds = 0;
  /** When a failure of an agent was last counted for the breaker; those of the last minute or so. */
  private readonly countedAtS = new Map<Address, number>();
  private spiking = 0;
  private isSpikeEscalated = false;

  /** @param random uniform in [0, 1), for the jitter of waits */
  constructor(
    private readonly agents: readonly Child[],
    private readonly contexts: KnownContexts,
    private readonly settings: WatchSettings,
    private readonly actions: WatchActions,
    private readonly random: () => number,
  ) {}

  /**
   * Takes a heartbeat in that the child has reported.
   * @returns what it is to be held for, or undefined where nothing is the matter
   */
  judge(child: Child, impedance: AgentImpedance): OperationalState | undefined {
    const trouble = this.troubles.size === 0 ? undefined : this.troubles.get(child.address);
    if (trouble !== undefined) this.noteHeard(child, trouble);
    if (this.settings.judgesAnswers) this.judgeScore(child);
    if (this.settings.judgesContexts && !this.contexts.has(impedance.contextHash))
      this.doubtContext(child, impedance.contextHash);
    else if (trouble !== undefined) this.onGoodContext(child, trouble);
    if (child.contradictions >= SAMPLE_WINDOW && this.settings.judgesAnswers) {
      this.condemn(child, "it claims an impedance that 100 exchanges in a row contradict");
    }
    return this.verdict(child);
  }

  /** Looks at who has been silent, once in each summary interval; who was silent for too long is held for offline. */
  noteSilence(): void {
    for (const child of this.agents) {
      if (child.silentIntervals < 2) continue;
      // Of the interval in which it was last heard, nobody knows how much was silence.
      const silentMs = (child.silentIntervals - 1) * this.settings.summaryMs;
      const missed = Math.floor(silentMs / this.settings.heartbeatMs) - 1;
      if (child.state === "offline") this.onCrash(child);
      else if (missed > 0) this.onMissed(child, missed);
    }
  }

  onUnanswered(child: Child): void {
    if (!this.settings.judgesAnswers || this.isPaused) return;
    const inARow = child.noteUnanswered();
    const { address } = child;
    if (this.settings.evidence.countsUnanswered(inARow)) this.count("TRANSIENT_NETWORK", address);
    const trouble = this.troubleOf(address);
    this.noteTransient(trouble, address, "a message was not answered in time");
    if (inARow >= CONSECUTIVE_FAILURES) this.giveUpOn(child, trouble);
  }

  /** Takes an answer of any kind in; to be called where the child had unanswered messages. */
  onAnswer(child: Child): void {
    child.noteAnswer();
    const trouble = this.troubles.get(child.address);
    if (trouble === undefined) return;
    this.endTransient(child, trouble);
    if (child.state === "degraded" && this.verdict(child) === undefined) this.actions.hold(child, "active");
  }

  /** Its result contradicted those of nearly all others of a gather. */
  onContradiction(child: Child): void {
    const trouble = this.troubleOf(child.address);
    trouble.contradictions++;
    if (trouble.contradictions >= CONTRADICTIONS)
      this.condemn(child, "its results contradict those of nearly all others");
  }

  /** @param isRight whether it worked the challenge out as it should */
  onProbeAnswer(child: Child, isRight: boolean): void {
    if (child.unanswered > 0 && isRight) this.onAnswer(child);
    const quarantine = this.troubles.get(child.address)?.quarantine;
    if (quarantine?.failure !== "BYZANTINE_BEHAVIOR") return;
    quarantine.goodSigns = isRight && child.admitsContradiction ? quarantine.goodSigns + 1 : 0;
    if (quarantine.goodSigns >= GOOD_ANSWERS) this.release(child);
  }

  /** Called once a second: replaces and probes who is due. */
  tick(): void {
    this.seconds++;
    this.forgetCounted();
    for (const [agent, { replacing }] of this.troubles)
      if (replacing !== undefined) this.replaceIfDue(agent, replacing);
    for (const child of this.agents) {
      const need = this.needOf(child);
      if (need === undefined || (this.seconds + child.address) % PROBE_EVERY_S[need] !== 0) continue;
      this.actions.probe(child, need === "trial");
    }
  }

  /**
   * Who cannot be reached has to show a sign of life, who contradicts its sanity; who is degraded gets no work that would show
   * its way anew, nor, where its score is what it is degraded for, how long its work takes.
   */
  private needOf({ address, state, score }: Child): keyof typeof PROBE_EVERY_S | undefined {
    const trouble = this.troubles.get(address);
    if (trouble?.replacing !== undefined) return undefined;
    if (trouble?.isUnreachable === true || trouble?.quarantine?.failure === "BYZANTINE_BEHAVIOR") return "sign";
    if (state !== "degraded" || !this.settings.probesDegraded) return undefined;
    return score > DEGRADED_SCORE ? "trial" : "sign";
  }

  /** What an agent is held for because of what is known of it here. */
  private verdict(child: Child): OperationalState | undefined {
    if (this.troubles.size === 0) return undefined;
    const trouble = this.troubles.get(child.address);
    if (trouble === undefined) return undefined;
    if (trouble.quarantine !== undefined) return "quarantined";
    if (trouble.isUnreachable || trouble.isSpiking || trouble.replacing !== undefined) return "degraded";
    if (trouble.isOver) this.troubles.delete(child.address);
    return undefined;
  }

  /** Silence is over: what was only silence has passed. */
  private noteHeard(child: Child, trouble: AgentTrouble): void {
    trouble.missedHeartbeats = 0;
    if (child.unanswered === 0) this.endTransient(child, trouble);
  }

  private onMissed(child: Child, missed: number): void {
    const { address } = child;
    const trouble = this.troubleOf(address);
    if (missed <= trouble.missedHeartbeats) return;
    trouble.missedHeartbeats = missed;
    if (this.settings.evidence.countsMissedHeartbeats) this.count("TRANSIENT_NETWORK", address);
    this.noteTransient(trouble, address, "a heartbeat is missing");
    if (missed < CONSECUTIVE_FAILURES || trouble.isSilenceEscalated) return;
    // What is silent is offline before long; until then it is left where it is.
    trouble.isSilenceEscalated = true;
    this.actions.escalate("TRANSIENT_NETWORK", address);
  }

  private noteTransient(trouble: AgentTrouble, agent: Address, evidence: string): void {
    if (trouble.isTransient || trouble.replacing !== undefined) return;
    trouble.isTransient = true;
    this.actions.detected("TRANSIENT_NETWORK", agent, evidence);
  }

  private giveUpOn(child: Child, trouble: AgentTrouble): void {
    if (trouble.isUnreachable || trouble.replacing !== undefined) return;
    trouble.isUnreachable = true;
    if (!trouble.isSilenceEscalated) this.actions.escalate("TRANSIENT_NETWORK", child.address);
    if (child.state === "active") this.actions.hold(child, "degraded");
  }

  private endTransient(child: Child, trouble: AgentTrouble): void {
    if (trouble.isTransient) this.actions.recovered("TRANSIENT_NETWORK", child.address);
    trouble.isTransient = false;
    trouble.isUnreachable = false;
    trouble.isSilenceEscalated = false;
    if (trouble.isOver) this.troubles.delete(child.address);
  }

  private onCrash(child: Child): void {
    const trouble = this.troubleOf(child.address);
    if (trouble.replacing !== undefined) return;
    // One interval more, in which it shows whether all the others are silent, too.
    const dueAtS = this.seconds + Math.ceil(this.settings.summaryMs / 1000);
    trouble.replacing = { attempts: 0, dueAtS, wasHeldBack: false, isEscalated: false };
    trouble.isTransient = false;
    trouble.isUnreachable = false;
    trouble.isSilenceEscalated = false;
    child.noteAnswer();
    this.actions.detected("AGENT_CRASH", child.address, "no sign of life for longer than offlineAfter");
    this.count("AGENT_CRASH", child.address);
  }

  private replaceIfDue(agent: Address, replacing: Replacing): void {
    if (this.seconds < replacing.dueAtS) return;
    if (!replacing.wasHeldBack && this.isNobodyHeard()) {
      replacing.wasHeldBack = true;
      replacing.dueAtS = this.seconds + HOLD_BACK_S;
      return;
    }
    if (replacing.attempts > 0 && !replacing.isEscalated) {
      replacing.isEscalated = true;
      this.actions.escalate("AGENT_CRASH", agent);
    }
    const { agentClass, heartbeatMs } = this.settings;
    const allowanceMs = START_UP_MS[agentClass] + 2 * heartbeatMs;
    // Jitter makes the wait shorter, never so that the allowance is cut.
    const waitMs = backoffMs(allowanceMs / 0.75, replacing.attempts, LONGEST_WAIT_MS, this.random());
    replacing.attempts++;
    replacing.dueAtS = this.seconds + Math.ceil(waitMs / 1000);
    this.actions.replace(agent, replacing.attempts);
  }

  private isNobodyHeard(): boolean {
    return this.agents.length > 1 && this.agents.every((child) => child.state === "offline");
  }

  private judgeScore(child: Child): void {
    child.noteScore();
    const isHigh = child.highScores >= this.settings.evidence.highReports;
    if (!isHigh) {
      if (this.spiking > 0 && child.highScores === 0) this.endSpike(child);
      return;
    }
    const trouble = this.troubleOf(child.address);
    if (trouble.isSpiking) return;
    trouble.isSpiking = true;
    this.spiking++;
    this.actions.detected("IMPEDANCE_SPIKE", child.address, "its score is more than twice the average of those before");
    this.count("IMPEDANCE_SPIKE", child.address);
    if (this.spiking < MULTIPLE_AGENTS || this.isSpikeEscalated) return;
    this.isSpikeEscalated = true;
    this.actions.escalate("IMPEDANCE_SPIKE", child.address);
  }

  private endSpike(child: Child): void {
    const trouble = this.troubles.get(child.address);
    if (trouble?.isSpiking !== true) return;
    trouble.isSpiking = false;
    this.spiking--;
    if (this.spiking === 0) this.isSpikeEscalated = false;
    this.actions.recovered("IMPEDANCE_SPIKE", child.address);
  }

  private doubtContext(child: Child, hash: number): void {
    const trouble = this.troubleOf(child.address);
    if (trouble.quarantine !== undefined) this.onStillCorrupt(child, trouble);
    else if (this.isHeldByOthers(child, hash)) {
      this.contexts.note(hash);
      trouble.doubts = 0;
    } else if (this.isDoubtful(trouble, hash)) {
      trouble.doubts = 0;
      this.quarantine(child, trouble, "CONTEXT_CORRUPTION", "it holds a context that neither its lead nor others know");
      this.repairContext(child, trouble);
    }
  }

  /** Notes one more doubt; whether they are enough. Two contexts on their way to others, one after the other, are not. */
  private isDoubtful(trouble: AgentTrouble, hash: number): boolean {
    const isSame = trouble.doubts > 0 && trouble.doubtedContext === hash;
    trouble.doubtedContext = hash;
    trouble.doubts++;
    return isSame || trouble.doubts >= CHANGING_DOUBTS;
  }

  private onGoodContext(child: Child, trouble: AgentTrouble): void {
    trouble.doubts = 0;
    const { quarantine, replacing } = trouble;
    if (quarantine?.failure === "CONTEXT_CORRUPTION" && ++quarantine.goodSigns >= GOOD_REPORTS) this.release(child);
    if (replacing === undefined) return;
    // Document 6.1: "spawns replacement, syncs state". It is whole when it holds what the others hold; a person, who takes
    // contexts in long after everybody else, when heard.
    if (this.settings.judgesContexts && this.actions.reload(child)) return;
    trouble.replacing = undefined;
    this.actions.recovered("AGENT_CRASH", child.address);
  }

  private onStillCorrupt(child: Child, trouble: AgentTrouble): void {
    const quarantine = trouble.quarantine!;
    quarantine.goodSigns = 0;
    if (++quarantine.reportsSinceReload >= REPORTS_PER_RELOAD) this.repairContext(child, trouble);
  }

  /** Reloads the context from the known-good state: what the lead holds, or what the platform starts an agent with. */
  private repairContext(child: Child, trouble: AgentTrouble): void {
    const quarantine = trouble.quarantine!;
    quarantine.reportsSinceReload = 0;
    if (quarantine.reloads++ < RELOADS && this.actions.reload(child)) return;
    this.actions.replace(child.address, quarantine.reloads);
  }

  private condemn(child: Child, evidence: string): void {
    const trouble = this.troubleOf(child.address);
    if (trouble.quarantine === undefined) this.quarantine(child, trouble, "BYZANTINE_BEHAVIOR", evidence);
  }

  private quarantine(child: Child, trouble: AgentTrouble, failure: FailureClass, evidence: string): void {
    const { address } = child;
    trouble.quarantine = { failure, goodSigns: 0, reportsSinceReload: 0, reloads: 0 };
    this.actions.detected(failure, address, evidence);
    this.count(failure, address);
    this.actions.escalate(failure, address);
    this.actions.hold(child, "quarantined");
  }

  private release(child: Child): void {
    const trouble = this.troubleOf(child.address);
    const { failure } = trouble.quarantine!;
    trouble.quarantine = undefined;
    trouble.contradictions = 0;
    child.forgetContradictions();
    this.actions.recovered(failure, child.address);
    if (this.verdict(child) === undefined) this.actions.hold(child, "active");
  }

  /** Whether so many others hold or have held a context that it is the lead whom an operation went past. */
  private isHeldByOthers(child: Child, hash: number): boolean {
    let others = 0;
    for (const other of this.agents) {
      if (other === child || !other.wasHeard || other.state === "offline") continue;
      others++;
    }
    const holders = this.contexts.witness(hash, child.address);
    return holders > 0 && holders >= others * WITNESS_SHARE;
  }

  private count(failure: FailureClass, agent: Address): void {
    const { oncePerAgentS } = this.settings.evidence;
    if (oncePerAgentS > 0) {
      if (this.countedAtS.has(agent)) return;
      this.countedAtS.set(agent, this.seconds);
    }
    this.actions.count(failure, agent);
  }

  /** The map is in order of counting, since an agent in it is not counted again. */
  private forgetCounted(): void {
    for (const [agent, atS] of this.countedAtS) {
      if (this.seconds - atS < this.settings.evidence.oncePerAgentS) return;
      this.countedAtS.delete(agent);
    }
  }

  private troubleOf(agent: Address): AgentTrouble {
    let trouble = this.troubles.get(agent);
    if (trouble === undefined) {
      trouble = new AgentTrouble();
      this.troubles.set(agent, trouble);
    }
    return trouble;
  }
}
