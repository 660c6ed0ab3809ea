/** The cases that a desk has in work, and the messages given to agents whose answers will decide them. */
import type { MessageId } from "../messages.js";
import type { ConflictCase } from "./conflict-case.js";

/** Cases in work at a time: what a cluster has in work fits, and a storm is worked off in order of priority. */
const MOST_IN_WORK = 64;

export class Docket {
  private readonly inWork = new Set<ConflictCase>();
  private readonly attempts = new Map<MessageId, ConflictCase>();

  get isEmpty(): boolean {
    return this.inWork.size === 0;
  }

  /** Whether another case may be begun of one's own accord; what others ask for is always taken up. */
  get hasRoom(): boolean {
    return this.inWork.size < MOST_IN_WORK;
  }

  add(matter: ConflictCase): void {
    this.inWork.add(matter);
  }

  remove(matter: ConflictCase): void {
    this.inWork.delete(matter);
    if (matter.attempt !== undefined) this.attempts.delete(matter.attempt);
  }

  /** In the order in which they were added; those that are removed meanwhile are left out. */
  list(): Iterable<ConflictCase> {
    return this.inWork;
  }

  /** An agent was given a message, in place of the one before it: its answer decides the case. */
  attempt(matter: ConflictCase, message: MessageId): void {
    if (matter.attempt !== undefined) this.attempts.delete(matter.attempt);
    matter.attempt = message;
    this.attempts.set(message, matter);
  }

  /** The case that the answer to a message decides, once. */
  takeAttempted(message: MessageId): ConflictCase | undefined {
    const matter = this.attempts.get(message);
    if (matter !== undefined) this.attempts.delete(message);
    return matter;
  }
}
