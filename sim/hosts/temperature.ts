/**
 * How warm one machine is, and how fast that lets it be. The load is constant from one change to the next, so temperature
 * goes to where the load drives it as exp(-t / tau) and is known in closed form, and so is the instant at which it comes
 * to the next step: the machine takes a step at that very instant, whether anything else happens then or not.
 */
import type { Micros } from "../time.js";
import { US_PER_S } from "../time.js";
import type { Heat } from "./host-plan.js";

/** So little is left of the way to a step when it has been reached: what rounding leaves. */
const ROUNDING_C = 1e-9;

export class Temperature {
  /** Steps taken: 0 is full speed. */
  private step = 0;
  private celsius: number;
  private targetC: number;
  private sinceUs: Micros = 0;
  private hottestC: number;
  private throttledUs = 0;

  /** At first the machine has been idle for long. */
  constructor(private readonly heat: Heat) {
    this.celsius = heat.ambientC + heat.idleRiseC;
    this.targetC = this.celsius;
    this.hottestC = this.celsius;
  }

  /** Changes nothing, like all that is asked for books. */
  celsiusAt(nowUs: Micros): number {
    const decay = Math.exp(-(nowUs - this.sinceUs) / (this.heat.timeConstantS * US_PER_S));
    return this.targetC + (this.celsius - this.targetC) * decay;
  }

  hottestUntilC(nowUs: Micros): number {
    return Math.max(this.hottestC, this.celsiusAt(nowUs));
  }

  /** Time spent below full speed. */
  throttledTotalUs(nowUs: Micros): Micros {
    return this.throttledUs + (this.step === 0 ? 0 : nowUs - this.sinceUs);
  }

  /** Of full speed. */
  get speed(): number {
    return this.step === 0 ? 1 : this.heat.steps[this.step - 1]!.speed;
  }

  /** Brings it up to now; true when the machine has taken a step and is faster or slower. */
  advance(nowUs: Micros): boolean {
    const { heat } = this;
    const passedUs = nowUs - this.sinceUs;
    if (passedUs > 0) {
      this.celsius = this.celsiusAt(nowUs);
      this.sinceUs = nowUs;
      if (this.step > 0) this.throttledUs += passedUs;
      if (this.celsius > this.hottestC) this.hottestC = this.celsius;
    }
    const before = this.step;
    while (this.step < heat.steps.length && this.celsius >= heat.steps[this.step]!.fromC - ROUNDING_C) this.step++;
    if (this.step === before) {
      while (this.step > 0 && this.celsius <= this.coolBelowC() + ROUNDING_C) this.step--;
    }
    return this.step !== before;
  }

  /** From now on, by so many of its cores being at work: a share of all from 0 to 1. Call `advance` before. */
  setLoad(load: number): void {
    const { ambientC, idleRiseC, fullRiseC } = this.heat;
    this.targetC = ambientC + idleRiseC + (fullRiseC - idleRiseC) * load * this.speed;
  }

  /** When it comes to the next step if the load stays, in whole us not before that; infinite where it never does. */
  nextStepUs(): Micros {
    const { step, celsius, targetC, heat } = this;
    const upC = step < heat.steps.length ? heat.steps[step]!.fromC : Number.POSITIVE_INFINITY;
    const downC = step > 0 ? this.coolBelowC() : Number.NEGATIVE_INFINITY;
    if (targetC > upC) return this.reachedUs((targetC - celsius) / (targetC - upC));
    if (targetC < downC) return this.reachedUs((celsius - targetC) / (downC - targetC));
    return Number.POSITIVE_INFINITY;
  }

  /** @param ratio of the way to the target that there is now to the way that will be left */
  private reachedUs(ratio: number): Micros {
    return this.sinceUs + Math.max(1, Math.ceil(this.heat.timeConstantS * US_PER_S * Math.log(ratio)));
  }

  private coolBelowC(): number {
    return this.heat.steps[this.step - 1]!.fromC - this.heat.hysteresisC;
  }
}
