/** Counts what the nodes say of failures, breakers and modes (document part 6), after warm-up; times are true. */
import type { ResilienceFact } from "../../protocol/mesh-30k/facts.js";
import {
  FAILURE_CLASSES,
  type FailureClass,
  IMMEDIATE_CLASSES,
} from "../../protocol/mesh-30k/resilience/failure-class.js";
import { MODES, type OperationalMode } from "../../protocol/mesh-30k/resilience/operational-mode.js";
import { US_PER_S } from "../../sim/time.js";
import type { Results } from "../results.js";

const ALERTS = [...IMMEDIATE_CLASSES, "EMERGENCY"] as const;
const SCOPES = ["cluster", "sector", "global"] as const;

export class ResilienceMeter {
  private readonly failures = byKey(FAILURE_CLASSES, () => ({ detected: 0, recovered: 0, escalated: 0 }));
  private readonly breakers = byKey(SCOPES, () => ({ opened: 0, halfOpened: 0, closed: 0 }));
  private readonly modeUs = byKey(MODES, () => ({ us: 0 }));
  private readonly operations = { queued: 0, released: 0, refused: 0, approvalsAsked: 0 };
  private readonly alerts = byKey(ALERTS, () => ({ count: 0 }));
  private replacements = 0;
  private mode: OperationalMode = "FULL";
  private lastUs = 0;

  /** @param fromUs when measuring begins */
  constructor(private readonly fromUs: number) {}

  onFact(nowUs: number, fact: ResilienceFact): void {
    if (fact.type === "mode") {
      this.advance(nowUs);
      this.mode = fact.mode;
    } else if (nowUs >= this.fromUs) this.count(fact);
  }

  /** Accounts for the time up to `nowUs`. */
  advance(nowUs: number): void {
    this.modeUs[this.mode].us += Math.max(0, nowUs - Math.max(this.lastUs, this.fromUs));
    this.lastUs = nowUs;
  }

  results(): Results["resilience"] {
    return {
      failures: FAILURE_CLASSES.map((name) => ({ class: name, ...this.failures[name] })),
      alerts: ALERTS.map((about) => ({ about, count: this.alerts[about].count })),
      replacements: this.replacements,
      breakers: SCOPES.map((scope) => ({ scope, ...this.breakers[scope] })),
      modes: MODES.map((mode) => ({ mode, seconds: this.modeUs[mode].us / US_PER_S })),
      operations: { ...this.operations },
    };
  }

  private count(fact: ResilienceFact): void {
    switch (fact.type) {
      case "failure-detected":
        this.failureOf(fact.failure).detected++;
        return;
      case "failure-recovered":
        this.failureOf(fact.failure).recovered++;
        return;
      case "failure-escalated":
        // What a coordinator hands on was escalated before, but for what it has detected itself.
        if (fact.to === "sector" || fact.failure === "CASCADE_FAILURE") this.failureOf(fact.failure).escalated++;
        return;
      case "operators-alerted":
        this.alerts[fact.about].count++;
        return;
      case "replacement":
        this.replacements++;
        return;
      case "breaker":
        this.breakers[fact.scope][FIELDS[fact.state]]++;
        return;
      case "operation-queued":
        this.operations.queued++;
        return;
      case "operation-released":
        this.operations.released++;
        return;
      case "operation-refused":
        this.operations.refused++;
        return;
      case "approval-asked":
        this.operations.approvalsAsked++;
        return;
    }
  }

  private failureOf(failure: FailureClass) {
    return this.failures[failure];
  }
}

const FIELDS = { OPEN: "opened", HALF_OPEN: "halfOpened", CLOSED: "closed" } as const;

function byKey<Key extends string, Value>(keys: readonly Key[], make: () => Value): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, make()])) as Record<Key, Value>;
}
