/** What a cluster lead does about failures (document 6.1): its watch over the agents, the host, and the tier above. */
import type { Address, Host } from "../../contract.js";
import type { Child } from "../child.js";
import type { Children } from "../children.js";
import type { Fact } from "../facts.js";
import type { MeshMessage, OperationalState } from "../messages.js";
import type { ProtocolOptions } from "../options.js";
import type { Parameters } from "../parameters.js";
import type { Cluster } from "../topology.js";
import { AgentWatch, type WatchActions } from "./agent-watch.js";
import type { FailureClass } from "./failure-class.js";
import { FAILURE_EVIDENCE } from "./failure-evidence.js";
import { KnownContexts } from "./known-contexts.js";
import type { ForensicRecord, SavedState } from "./saved-state.js";

/** What only the lead itself can do. */
export interface LeadActions {
  hold(child: Child, state: OperationalState): void;
  /** Whether a context is that of the lead, or the one before. */
  accepts(contextHash: number): boolean;
  /** Sends an agent the context that it should hold; false if it holds it, or there is none to send. */
  reload(child: Child): boolean;
  persist(): void;
}

/** How many forensic records a lead keeps. */
const RECORDS_KEPT = 64;
/** What agents are probed with is drawn from so many. */
const CHALLENGES = 1_000_000;

export class LeadResilience implements WatchActions {
  readonly contexts: KnownContexts;
  readonly watch: AgentWatch;
  /** Failures counted in all the life of this lead. */
  failures = 0;
  private records: readonly ForensicRecord[] = [];

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    cluster: Cluster,
    private readonly coordinator: Address,
    options: ProtocolOptions,
    parameters: Parameters,
    children: Children,
    private readonly lead: LeadActions,
  ) {
    this.contexts = new KnownContexts((hash) => lead.accepts(hash));
    const settings = {
      agentClass: cluster.agentClass,
      judgesAnswers: cluster.agentClass !== "F" || options.humanTargets === "as-written",
      judgesContexts: cluster.agentClass !== "F",
      probesDegraded: cluster.agentClass !== "F" && options.latencyEstimate === "repaired",
      heartbeatMs: parameters.heartbeatMs,
      summaryMs: parameters.summaryMs,
      evidence: FAILURE_EVIDENCE[options.failureEvidence],
    };
    this.watch = new AgentWatch(children.members, this.contexts, settings, this, () => host.random());
  }

  /** What was found on agents that were put into quarantine, oldest first. */
  get forensics(): readonly ForensicRecord[] {
    return this.records;
  }

  detected(failure: FailureClass, agent: Address, evidence: string): void {
    this.host.observe({ type: "failure-detected", failure, node: agent, evidence });
    if (failure !== "CONTEXT_CORRUPTION" && failure !== "BYZANTINE_BEHAVIOR") return;
    const record: ForensicRecord = { agent, failure, evidence, atMs: this.host.now() };
    this.records = [...this.records, record].slice(-RECORDS_KEPT);
  }

  recovered(failure: FailureClass, agent: Address): void {
    this.host.observe({ type: "failure-recovered", failure, node: agent });
  }

  escalate(failure: FailureClass, agent: Address): void {
    this.host.observe({ type: "failure-escalated", failure, node: agent, to: "sector" });
    this.report(failure, agent, true);
  }

  count(failure: FailureClass, agent: Address): void {
    this.failures++;
    this.lead.persist();
    this.report(failure, agent, false);
  }

  replace(agent: Address, attempt: number): void {
    this.host.observe({ type: "replacement", node: agent, attempt });
    this.host.provision(agent);
  }

  reload(child: Child): boolean {
    return this.lead.reload(child);
  }

  probe(child: Child, isTrial: boolean): void {
    const challenge = Math.floor(this.host.random() * CHALLENGES);
    const echo = child.echo(this.host.now());
    this.host.send(child.address, { type: "PROBE", challenge, echo, ...(isTrial && { isTrial }) });
  }

  hold(child: Child, state: OperationalState): void {
    this.lead.hold(child, state);
  }

  /** What the next holder of the office begins with. */
  handedOn(): Pick<SavedState, "failures" | "knownContexts"> {
    return { failures: this.failures, knownContexts: this.contexts.entries() };
  }

  saved(): Pick<SavedState, "failures" | "knownContexts" | "forensics"> {
    return { failures: this.failures, knownContexts: this.contexts.entries(), forensics: this.records };
  }

  restore({ failures, knownContexts, forensics }: SavedState): void {
    this.failures = failures;
    for (const hash of knownContexts) this.contexts.note(hash);
    this.records = forensics;
  }

  private report(failure: FailureClass, node: Address, isEscalated: boolean): void {
    this.host.send(this.coordinator, { type: "FAILURE", failure, node, isEscalated, total: this.failures });
  }
}
