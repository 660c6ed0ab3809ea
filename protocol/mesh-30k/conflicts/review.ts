/** Puts a conflict to a person, as a checkpoint that is answered in its own time (document 5.1, "human review"). */
import type { Millis } from "../../contract.js";
import type { Acquaintances } from "../children.js";
import { Sending } from "../composed-message.js";
import type { Coordination } from "../coordination.js";
import { BASE_PROCESSING_MS } from "../impedance-class.js";
import type { MessageId } from "../messages.js";
import { taskOperation } from "../operation.js";
import { UNPREDICTED } from "../outbox.js";
import type { Parameters } from "../parameters.js";
import type { Cluster } from "../topology.js";
import type { ConflictRecord } from "./conflict-record.js";

/**
 * Sends a conflict to one of the people in these clusters, another one each time.
 * @returns the id of the checkpoint; undefined where there are no people
 */
export function putForReview(
  record: ConflictRecord,
  clusters: readonly Cluster[],
  acquaintances: Acquaintances,
  { outbox }: Coordination,
  nowMs: Millis,
  { checkpointTtlMs }: Parameters,
): MessageId | undefined {
  const people = clusters.filter(({ agentClass }) => agentClass === "F");
  if (people.length === 0) return undefined;
  const cluster = people[record.conflictId % people.length]!;
  const person = cluster.firstAgent + (Math.floor(record.conflictId / people.length) % cluster.founders);
  const { conflictType, conflictingValues } = record;
  const payload = `review ${record.conflictId}: ${conflictType}, ${conflictingValues.join(" or ")}`;
  const task = { capability: "", payload, payloadWeight: 0, verb: "decide", priority: 3, stages: 1 } as const;
  const operation = taskOperation(task, checkpointTtlMs);
  const sending = new Sending(operation, "direct", nowMs, Number.NaN, 0, true);
  const messageId = outbox.nextId();
  const child = acquaintances.meet(person, "F", BASE_PROCESSING_MS.F);
  outbox.send(child, sending, UNPREDICTED, nowMs, messageId);
  return messageId;
}
