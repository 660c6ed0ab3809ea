/**
 * One of the two processes of an office, primary or standby: plays the office's role for as long as it holds it, and else
 * waits. It also stands between role and mesh: a role knows offices, the seat knows which process holds each.
 */
import type { Address, Durable, Host, Job, JobOutcome, Node, TimerTag } from "../../contract.js";
import { type HandedConflicts, joined, leftBy, newlyOpen, takenOf, without } from "../conflicts/handover.js";
import type { Fact } from "../facts.js";
import type { Assertion, Canvass, Grant, HandOn, MeshMessage, Vote } from "../messages.js";
import type { ProtocolOptions } from "../options.js";
import type { Parameters } from "../parameters.js";
import type { Topology } from "../topology.js";
import { type Allegiance, allegiance, type DurableAllegiance } from "./allegiance.js";
import { Directory } from "./directory.js";
import { leaseTicks } from "./lease-ticks.js";
import { Office } from "./office.js";
import type { OfficeState } from "./office-state.js";
import { isOwnTag, RoleHost } from "./role-host.js";
import { RollCall } from "./roll-call.js";
import { type Step, TENURES, type Tenure } from "./tenure.js";

/** What a process does while it holds an office. */
export interface Role extends Node<MeshMessage> {
  officeState(): OfficeState;
  /** Takes over what the other process has open of when it was in office; undefined where that is nothing, or nothing any more. */
  takeLeft(left: HandedConflicts | undefined): void;
}

/** @param inherited what an earlier holder handed on; undefined at the beginning of a mesh */
export type BuildRole<R extends Role> = (host: Host<MeshMessage, Fact>, inherited: OfficeState | undefined) => R;

/** What a seat keeps through a crash. */
interface Kept {
  readonly role: Durable | undefined;
  /** The highest term of its office that it knows of. */
  readonly knownTerm: number;
  readonly allegiance: DurableAllegiance | undefined;
  readonly inherited: Inherited;
}

/** What a process knows of its office while it does not hold it. */
interface Inherited {
  /** What the rival said last, or how this process left it; undefined where it holds it, or neither has happened yet. */
  readonly state: OfficeState | undefined;
  /** Of the latest assertion that it knows of, the rival's or its own: who comes to office next has later ones. */
  readonly serial: number;
  /** What the rival has opened since. */
  readonly handOns: readonly HandOn[];
}

const NOTHING_INHERITED: Inherited = { state: undefined, serial: 0, handOns: [] };

/** Silence of a rival after which a new process is asked for: as long as Kubernetes takes to evict (5 min). */
const EVICTION_MS = 300_000;
/** Silence of members after which one who stands for election in vain has those started that are gone: longer than three tries. */
const IN_VAIN_MS = 60_000;

export class Seat<R extends Role> implements Node<MeshMessage> {
  readonly office: Office;
  /** The role that it plays; undefined while it does not hold the office. */
  private role: R | undefined;
  private roleHost: RoleHost | undefined;
  private tenure: Tenure | undefined;
  private readonly allegiance: Allegiance | undefined;
  private readonly directory: Directory;
  private readonly rival: Address;
  private readonly leaseTicks: number;
  private kept: Kept = { role: undefined, knownTerm: 1, allegiance: undefined, inherited: NOTHING_INHERITED };
  private inherited = NOTHING_INHERITED;
  private tenures = 0;
  private rivalSilentMs = 0;
  /** Undefined as written, where nobody knows who follows whom. */
  private readonly rollCall: RollCall | undefined;
  /** Whether it asks to be elected, and has heard of no holder since. */
  private isStanding = false;

  constructor(
    private readonly host: Host<MeshMessage, Fact>,
    id: Address,
    private readonly topology: Topology,
    private readonly options: ProtocolOptions,
    private readonly parameters: Parameters,
    private readonly build: BuildRole<R>,
  ) {
    this.office = new Office(topology, id);
    this.rival = this.office.rivalOf(host.self);
    this.leaseTicks = leaseTicks(parameters);
    const { superior } = this.office;
    this.allegiance = superior === undefined ? undefined : allegiance(options.takeover, superior, this.leaseTicks);
    this.directory = new Directory(options.takeover);
    this.rollCall = options.takeover === "repaired" ? new RollCall(this.office) : undefined;
  }

  start(saved?: Durable): void {
    const { host, parameters } = this;
    const before = saved as Kept | undefined;
    this.kept = { ...this.kept, ...before };
    host.save({ ...this.kept });
    this.inherited = this.kept.inherited;
    this.recall(this.kept.allegiance);
    this.tenure = TENURES[this.options.takeover]({
      office: this.office,
      self: host.self,
      isFirst: before === undefined,
      knownTerm: this.kept.knownTerm,
      leaseTicks: this.leaseTicks,
      tickMs: parameters.heartbeatMs,
      random: () => host.random(),
      nowMs: host.now(),
    });
    host.setTimer(host.random() * parameters.heartbeatMs, OWN_TICK);
    if (this.tenure.holds) this.open();
  }

  /** Follows whom an earlier process at its address followed. */
  private recall(followed: DurableAllegiance | undefined): void {
    const { superior: office } = this.office;
    if (followed === undefined || office === undefined) return;
    this.allegiance!.restore(followed);
    this.host.observe({ type: "follows", office, holder: followed.holder, term: followed.term });
  }

  wake(tag: TimerTag): void {
    if (isOwnTag(tag)) this.tick();
    else {
      this.look();
      const own = this.roleHost?.tagOf(tag);
      if (own !== undefined) this.role?.wake(own);
    }
  }

  receive(from: Address, message: MeshMessage): void {
    this.look();
    switch (message.type) {
      case "ASSERT":
        this.onAssertion(from, message);
        return;
      case "CANVASS":
        this.onCanvass(from, message);
        return;
      case "GRANT":
        this.onGrant(from, message);
        return;
      case "VOTE":
        this.onVote(from, message);
        return;
      case "HAND_ON":
        if (from === this.rival) this.onHandOn(message);
        return;
      case "OUTDATED":
        if (message.office === this.office.id) this.carryOut(this.tenure!.onOutdated(message.knownTerm));
        return;
      case "HEARTBEAT":
        if (message.grant > 0) this.tenure!.onGrant(from, message.grant);
        break;
    }
    if (this.role === undefined || !this.mayOrder(from)) return;
    this.role.receive(this.topology.officeOf(from), message);
  }

  done(job: Job, outcome: JobOutcome): void {
    this.look();
    if (this.roleHost?.ends(job) === true) this.role?.done(job, outcome);
  }

  /** The role that it plays now, for who comes from outside; undefined while it does not hold the office. */
  inOffice(): R | undefined {
    this.look();
    return this.role;
  }

  /** Sends what the role has to say to the process that holds the office meant; answers go to the process that asked. */
  sendFor(to: Address, message: MeshMessage): void {
    const isToOffice = to < this.topology.firstAgent && message.type !== "ACK";
    this.host.send(isToOffice ? this.holderOf(to) : to, message);
  }

  /** Saves what the role keeps, and tells the rival of what it has opened since: this machine may never come back. */
  saveRole(role: Durable): void {
    const conflicts = newlyOpen(this.host.self, this.kept.role, role);
    this.save({ role });
    if (conflicts === undefined || this.options.takeover === "as-written") return;
    this.host.send(this.rival, { type: "HAND_ON", serial: this.tenure!.serial, conflicts });
  }

  private save(changed: Partial<Kept>): void {
    this.kept = { ...this.kept, ...changed };
    this.host.save({ ...this.kept });
  }

  /** Has saved what terms it knows of, before anybody can hear of it. */
  private saveTerms(): void {
    const { knownTerm } = this.tenure!;
    if (knownTerm !== this.kept.knownTerm) this.save({ knownTerm });
  }

  private holderOf(office: Address): Address {
    if (office === this.office.superior) return this.allegiance!.holder;
    return this.directory.holderOf(office) ?? office;
  }

  /** Whether it takes what a node sends: of processes of the office above, the orders of whom it obeys. */
  private mayOrder(from: Address): boolean {
    const { superior } = this.office;
    if (superior === undefined || !this.office.isSuperior(from)) return true;
    if (!this.allegiance!.obeys(from)) return false;
    if (this.allegiance!.noteObeyed(from)) {
      this.host.observe({ type: "obeyed", office: superior, process: from });
    }
    return true;
  }

  private look(): void {
    if (this.role !== undefined) this.carryOut(this.tenure!.look(this.host.now()));
  }

  private tick(): void {
    const { host, parameters } = this;
    host.setTimer(parameters.heartbeatMs, OWN_TICK);
    this.allegiance?.tick();
    this.carryOut(this.tenure!.tick(host.now()));
    this.watchRival(parameters.heartbeatMs);
    this.watchMembers(parameters.heartbeatMs);
  }

  /** A holder has a rival that was silent for long replaced, so that there is somebody to take over again. */
  private watchRival(tickMs: number): void {
    if (this.role === undefined || this.options.takeover === "as-written") return;
    this.rivalSilentMs += tickMs;
    if (this.rivalSilentMs < EVICTION_MS) return;
    this.rivalSilentMs = 0;
    this.host.provision(this.rival);
  }

  /**
   * Has members started that are gone, where nobody else does: by a holder, the processes below, both of an office may be
   * gone, and who leads agents replaces those (6.1); by who stands in vain, all, of whom a majority has to vote.
   */
  private watchMembers(tickMs: number): void {
    const isInCharge = this.role !== undefined && this.office.scope !== "cluster";
    if (!isInCharge && !this.isStanding) return;
    const patienceMs = isInCharge ? EVICTION_MS : IN_VAIN_MS;
    for (const member of this.rollCall?.tick(patienceMs / tickMs) ?? []) this.host.revive(member);
  }

  private onAssertion(from: Address, assertion: Assertion): void {
    const { office, serial } = assertion;
    if (from === this.rival) {
      this.rivalSilentMs = 0;
      this.isStanding = false;
      this.inherit(assertion);
      this.carryOut(this.tenure!.hearRival(assertion));
      this.reportLeft(from, office, serial);
    } else if (office === this.office.superior) this.follow(from, assertion);
    else if (assertion.term < this.directory.termOf(office))
      this.contradict(from, office, this.directory.termOf(office));
    else this.directory.learn(assertion);
  }

  /** The rival has opened conflicts since its latest assertion; or did so until it lost the office, which this process holds now. */
  private onHandOn(handOn: HandOn): void {
    const { inherited } = this;
    if (this.role !== undefined) this.role.takeLeft(handOn.conflicts);
    else if (handOn.serial >= inherited.serial) {
      this.inherited = { ...inherited, handOns: [...inherited.handOns, handOn] };
      this.save({ inherited: this.inherited });
    }
  }

  /** What the rival says of its office that it has not said before; an assertion that was overtaken or comes twice is not. */
  private inherit({ serial, state }: Assertion): void {
    const { inherited } = this;
    if (this.options.takeover === "repaired" && serial <= inherited.serial) return;
    const handOns = inherited.handOns.filter((handOn) => handOn.serial >= serial);
    this.inherited = { state: state as OfficeState | undefined, serial, handOns };
    if (this.role === undefined) this.save({ inherited: this.inherited });
  }

  /** Tells who asserts that it holds an office that somebody has been elected since. */
  private contradict(to: Address, office: Address, knownTerm: number): void {
    this.host.send(to, { type: "OUTDATED", office, knownTerm });
  }

  private follow(from: Address, assertion: Assertion): void {
    const { office, holder, term, serial } = assertion;
    const { allegiance: above } = this;
    if (above === undefined) return;
    if (above.isOutdated(assertion)) this.contradict(from, office, above.knownTerm);
    if (above.hear(assertion)) {
      this.save({ allegiance: above.saved() });
      this.host.observe({ type: "follows", office, holder, term });
    }
    if (above.grant === serial) this.reply(from, office, serial);
  }

  /** Tells the rival in office that it is heard, and what there is to take over from this process. */
  private reportLeft(to: Address, office: Address, serial: number): void {
    if (this.options.takeover === "as-written") return;
    let left: HandedConflicts | undefined;
    if (this.role === undefined) {
      this.letGo();
      left = leftBy(this.host.self, this.kept.role);
    }
    this.host.send(to, { type: "GRANT", office, serial, ...(left !== undefined && { left }) });
  }

  /** Lets go what the rival has taken over. While it is in office itself, it sees to what it has. */
  private letGo(): void {
    const { role } = this.kept;
    const taken = takenOf(this.host.self, role, this.inherited.state?.conflicts);
    if (role === undefined || taken.length === 0) return;
    this.saveRole(without(taken, role));
    for (const conflictId of taken) this.host.observe({ type: "conflict-let-go", conflictId });
  }

  private reply(to: Address, office: Address, serial: number): void {
    if (this.options.takeover === "repaired") this.host.send(to, { type: "GRANT", office, serial });
  }

  private onGrant(from: Address, { office, serial, left }: Grant): void {
    if (office !== this.office.id) return;
    if (from === this.rival) {
      this.rivalSilentMs = 0;
      this.role?.takeLeft(left);
    } else this.tenure!.onGrant(from, serial);
    this.rollCall?.hear(from);
  }

  private onVote(from: Address, vote: Vote): void {
    if (vote.office !== this.office.id) return;
    this.rollCall?.hear(from);
    this.carryOut(this.tenure!.onVote(from, vote, this.host.now()));
  }

  /** Of the office above it has a vote; of one below it can say how far that has come, whose members may all have forgotten. */
  private onCanvass(from: Address, { office, term, isTrial }: Canvass): void {
    const { allegiance: above } = this;
    if (above === undefined || office !== this.office.superior) {
      const knownTerm = this.directory.termOf(office);
      if (knownTerm > 0) this.host.send(from, { type: "VOTE", office, term, isTrial, isGranted: false, knownTerm });
      return;
    }
    const isGranted = above.vote(term, isTrial);
    if (isGranted && !isTrial) this.save({ allegiance: above.saved() });
    this.host.send(from, { type: "VOTE", office, term, isTrial, isGranted, knownTerm: above.knownTerm });
  }

  private carryOut(step: Step): void {
    const { host } = this;
    this.saveTerms();
    switch (step) {
      case "nothing":
        return;
      case "beat":
        this.assert([this.rival], host.self);
        return;
      case "canvass":
        if (this.tenure!.isTrial) this.stand();
        this.canvass();
        return;
      case "take":
        if (this.options.takeover === "as-written") host.observe({ type: "stands", office: this.office.id });
        this.open();
        this.assertToAll(host.self);
        return;
      case "assert":
        this.assertToAll(host.self);
        this.report(true);
        return;
      case "resign":
        this.close();
        return;
      case "hand-back":
        this.close();
        this.assertToAll(this.rival);
        return;
    }
  }

  private stand(): void {
    this.host.observe({ type: "stands", office: this.office.id });
    if (this.isStanding) return;
    this.isStanding = true;
    this.rollCall?.begin();
  }

  private canvass(): void {
    const { candidateTerm: term, isTrial } = this.tenure!;
    for (const member of [...this.office.voters(), ...this.office.superiors()]) {
      this.host.send(member, { type: "CANVASS", office: this.office.id, term, isTrial });
    }
  }

  private assertToAll(holder: Address): void {
    this.assert([this.rival, ...this.office.superiors(), ...this.office.members()], holder);
  }

  private assert(to: readonly Address[], holder: Address): void {
    const { term, serial } = this.tenure!;
    const state = this.role?.officeState() ?? this.inherited.state;
    const office = this.office.id;
    const assertion = { type: "ASSERT", office, holder, term, serial, state: undefined } as const;
    for (const address of to) {
      this.host.send(address, address === this.rival ? { ...assertion, state: state && { ...state } } : assertion);
    }
  }

  /** Begins to play the role. */
  private open(): void {
    this.roleHost = new RoleHost(this.host, this, ++this.tenures);
    const { state, handOns } = this.inherited;
    this.role = this.build(this.roleHost, state);
    this.isStanding = false;
    this.rollCall?.begin();
    this.report(true);
    this.role.start(this.kept.role);
    // From now on whatever the role saves is later.
    this.inherited = { ...NOTHING_INHERITED, serial: this.tenure!.serial };
    this.save({ inherited: this.inherited });
    const handed = joined([state?.conflicts, ...handOns.map(({ conflicts }) => conflicts)], this.rival);
    if (handed !== undefined) this.role.takeLeft(handed);
  }

  private close(): void {
    const { serial } = this.tenure!;
    if (serial >= this.inherited.serial)
      this.inherited = { ...NOTHING_INHERITED, state: this.role?.officeState(), serial };
    else this.save({ inherited: this.inherited }); // what a rival said that was elected since
    this.role = undefined;
    this.roleHost = undefined;
    this.report(false);
  }

  private report(holds: boolean): void {
    const { term } = this.tenure!;
    const leaseMs = holds ? this.tenure!.leaseMs(this.host.now()) : 0;
    this.host.observe({ type: "authority", office: this.office.id, term, holds, leaseMs });
  }
}

const OWN_TICK: TimerTag = 0;
