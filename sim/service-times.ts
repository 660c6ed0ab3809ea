/** What the engine asks of the world's hardware and people: how long a job takes on one agent. */
import type { Address, Job } from "../protocol/contract.js";
import type { Micros } from "./time.js";

/** `ServiceTimes.serviceUs` of a job that is never taken up. */
export const IGNORED = -1;

/** Service times by agent. Random state belongs to the agent. */
export interface ServiceTimes {
  /**
   * How long the agent's processor is occupied by a job that it begins now, a non-negative integer, or `IGNORED` when
   * the agent (a person) will not take it up.
   * @param idleSinceUs when the agent last received a message or ended a job: what a cold start depends on
   */
  serviceUs(address: Address, job: Job, nowUs: Micros, idleSinceUs: Micros): Micros;
}
