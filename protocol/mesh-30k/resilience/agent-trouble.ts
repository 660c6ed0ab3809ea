/** What a lead knows of an agent that is in trouble. Few are, and only those have one of these. */
import type { FailureClass } from "./failure-class.js";

/** A crashed agent's replacement. Times are in seconds of the lead's own counting. */
export interface Replacing {
  attempts: number;
  /** When the next try is due: the process asked for last has not been heard of by then. */
  dueAtS: number;
  /** Whether it was held back once, because nobody at all was heard. */
  wasHeldBack: boolean;
  isEscalated: boolean;
}

/** An agent that gets no work and whose answers do not count. */
export interface Quarantine {
  readonly failure: FailureClass;
  /** Signs in a row that it is whole again. */
  goodSigns: number;
  /** Reports since its context was last sent to it. */
  reportsSinceReload: number;
  reloads: number;
}

export class AgentTrouble {
  /** Missed heartbeats and unanswered messages that were made known as TRANSIENT_NETWORK. */
  isTransient = false;
  /** Three messages or resends in a row were not answered: it gets no new work until it answers something. */
  isUnreachable = false;
  missedHeartbeats = 0;
  /** Whether its silence was escalated. */
  isSilenceEscalated = false;
  isSpiking = false;
  /** How many of its reports in a row named a context that nobody knows, and which one the last did. */
  doubts = 0;
  doubtedContext = 0;
  /** Results that contradicted those of nearly all others. */
  contradictions = 0;
  replacing: Replacing | undefined;
  quarantine: Quarantine | undefined;

  /** Whether there is nothing left to keep. */
  get isOver(): boolean {
    const isCalm = !this.isTransient && !this.isUnreachable && !this.isSpiking && this.doubts === 0;
    return isCalm && this.contradictions === 0 && this.replacing === undefined && this.quarantine === undefined;
  }
}
