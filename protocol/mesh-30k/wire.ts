/** What a transport has to know of MESH-30K messages: how long they live, what they say in 32 bits, how they are copied. */
import type { Millis } from "../contract.js";
import { CapabilityIndex } from "./capability-index.js";
import { ComposedMessage, withPayload } from "./composed-message.js";
import { LeadTimeHistogram } from "./lead-time-histogram.js";
import type { CircuitOrder, MeshMessage } from "./messages.js";
import { REPORT_TTL_MS } from "./parameters.js";

/** An acknowledgement, like the operation it answers, is waited for 5 s (3.2, `timeout_ms`). */
const ANSWER_TTL_MS = 5_000;
/** What processes say of an office is worthless when it is said again. */
const OFFICE_TTL_MS = 10_000;
/** What is said of conflicts is said again if it is not answered. */
const CONFLICT_TTL_MS = 60_000;
/** Orders to halt and resume must arrive, however late. */
const ORDER_TTL_MS = 3_600_000;

/** Time to live on the way, in ms. */
export function ttlMs(message: MeshMessage): Millis {
  switch (message.type) {
    case "COORDINATE":
      return message.ttlMs;
    case "ACK":
      return ANSWER_TTL_MS;
    case "ASSERT":
    case "GRANT":
    case "CANVASS":
    case "VOTE":
    case "OUTDATED":
    case "HAND_ON":
      return OFFICE_TTL_MS;
    case "PROBE":
    case "PROBE_ACK":
      return ANSWER_TTL_MS;
    case "CIRCUIT":
    case "FREEZE":
    case "MODE":
      return ORDER_TTL_MS;
    case "CONFLICT":
    case "CONFLICT_NOTED":
    case "CONFLICT_TRACE":
    case "CONFLICT_EVIDENCE":
    case "CONFLICT_VERDICT":
      return CONFLICT_TTL_MS;
    default:
      return REPORT_TTL_MS;
  }
}

/** A 32-bit digest of what a message says. */
export function digest(message: MeshMessage): number {
  switch (message.type) {
    case "COORDINATE":
      return mix(mix(1, message.messageId), message.payloadHash ^ micros(message.createdAtMs));
    case "ACK":
      return mix(mix(2, message.messageId), micros(message.heldMs) ^ (message.trinaryState << 30) ^ message.resultHash);
    case "HEARTBEAT":
      return mix(mix(3, micros(message.timestampMs)), micros(message.impedance.impedanceScore));
    case "CLUSTER_SUMMARY":
      return mix(mix(4, message.clusterIndex), micros(message.meanImpedance));
    case "SECTOR_SUMMARY":
      return mix(mix(5, message.sectorIndex), micros(message.meanImpedance) ^ ofCircuits(message.circuits));
    case "MAP":
      return mix(6, message.clusterCount ^ ofCircuits(message.circuits));
    case "CIRCUIT":
      return mix(mix(7, message.targetId), message.action.length + (message.byHand ? 16 : 0));
    case "FREEZE":
      return mix(mix(8, message.targetId), message.thaw ? 1 : 2);
    case "ASSERT":
      return mix(mix(20, message.holder), message.serial);
    case "GRANT":
      return mix(mix(21, message.office), message.serial);
    case "CANVASS":
      return mix(mix(22, message.office), message.isTrial ? -message.term : message.term);
    case "VOTE":
      return mix(mix(23, message.office), mix(message.isGranted ? message.term : -message.term, message.knownTerm));
    case "OUTDATED":
      return mix(mix(28, message.office), message.knownTerm);
    case "HAND_ON":
      return mix(mix(29, message.conflicts.open[0]!.record.conflictId), message.conflicts.open.length);
    case "CONFLICT":
      return mix(mix(9, message.record.conflictId), message.priority * 2 + (message.asks ? 1 : 0));
    case "CONFLICT_NOTED":
      return mix(mix(10, message.conflictId), message.of.length);
    case "CONFLICT_TRACE":
      return mix(mix(11, message.conflictId), message.hash);
    case "CONFLICT_EVIDENCE":
      return mix(mix(12, message.conflictId), message.lineage[0]! ^ micros(message.wallMs));
    case "CONFLICT_VERDICT":
      return mix(mix(13, message.conflictId), message.outcome.length);
    case "FAILURE":
      return mix(mix(24, message.node), message.total * 2 + (message.isEscalated ? 1 : 0));
    case "PROBE":
      return mix(25, message.challenge);
    case "PROBE_ACK":
      return mix(mix(26, message.challenge), message.result);
    case "MODE":
      return mix(mix(27, message.number), message.mode.length);
  }
}

/**
 * What a message is whose bits were changed on the way. An operation's payload is guarded by its hash (2.1), which its
 * receiver checks; everything else by the checksum of the frame that it comes in, so that nobody ever sees it.
 */
export function damaged(message: MeshMessage): MeshMessage | undefined {
  return message.type === "COORDINATE" ? withPayload(message, `${message.payload}\ufffd`) : undefined;
}

/**
 * Makes a message out of a copy of its data, as the structured clone algorithm makes it for another thread: gives what
 * has methods its methods back.
 */
export function revive(copy: MeshMessage): MeshMessage {
  if (copy.type === "COORDINATE") return ComposedMessage.revive(copy);
  if (copy.type === "MAP") CapabilityIndex.revive(copy.index);
  else if (copy.type === "ACK" && copy.leadTimes !== undefined) LeadTimeHistogram.revive(copy.leadTimes);
  return copy;
}

/** 0 where nothing is cut off. */
function ofCircuits(orders: readonly CircuitOrder[]): number {
  return orders.reduce((hash, order) => mix(hash, digest(order)), 0);
}

/** Microseconds of a time in ms, modulo 2^32. */
function micros(ms: Millis): number {
  return Math.round(ms * 1000) | 0;
}

function mix(hash: number, value: number): number {
  const low = Math.imul(hash ^ (value | 0), 0x9e3779b1);
  return Math.imul(low ^ (low >>> 15) ^ ((value / 4294967296) | 0), 0x85ebca77) ^ (low >>> 13);
}
