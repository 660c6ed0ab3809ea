/**
 * What a message takes on a line, in bytes. The document names the fields (Appendix B) and no encoding; this is JSON
 * text, as its types suggest, over TLS on TCP. What counts is how many fields a message has, so that is what is counted.
 */
import type { OfficeState } from "./authority/office-state.js";
import type { HandedConflicts } from "./conflicts/handover.js";
import type { AgentImpedance, ClusterSummary, MeshMessage } from "./messages.js";

/** Ethernet 18, IPv4 20, TCP with time stamps 32, TLS 1.3 record 22, Ed25519 signature in base64 with its key 102. */
const ENVELOPE_BYTES = 194;
/** A key of 16 letters on average (`trinaryExpectation`, `agentId`), quotes, colon and comma, and 12 digits. */
const FIELD_BYTES = 32;
/** An address or a count in a list, with its comma. */
const NUMBER_BYTES = 8;
/** A capability in a list, such as `"realtime_routing",`. */
const NAME_BYTES = 18;

/** Fields by type of message, but for those that are spelt out below. */
const COORDINATE_FIELDS = 21;
const LEAD_TIME_FIELDS = 6;
const ACK_FIELDS = 8;
const CONFLICT_FIELDS = 3;
/** A conflict with its record and the work in dispute, as it is reported or handed on: 21 fields, many of them short. */
const CASE_FIELDS = 15;
const TALLY_FIELDS = 4;
const CIRCUIT_FIELDS = 5;
const IMPEDANCE_FIELDS = 13;
const SUMMARY_FIELDS = 10;
/** Every cluster offers the three capabilities of its class. */
const OFFERS_OF_CLUSTER = 3;

export function sizeBytes(message: MeshMessage): number {
  switch (message.type) {
    case "COORDINATE":
      return (
        ENVELOPE_BYTES +
        (COORDINATE_FIELDS + LEAD_TIME_FIELDS) * FIELD_BYTES +
        message.payload.length +
        message.targetIds.length * NUMBER_BYTES +
        message.requiresCapabilities.length * NAME_BYTES
      );
    case "ACK": {
      const fields =
        ACK_FIELDS + (message.conflict ? CONFLICT_FIELDS : 0) + (message.tally === undefined ? 0 : TALLY_FIELDS);
      return ENVELOPE_BYTES + fields * FIELD_BYTES + (message.leadTimes?.bins ?? 0) * NUMBER_BYTES;
    }
    case "HEARTBEAT":
      return ENVELOPE_BYTES + 3 * FIELD_BYTES + ofImpedance(message.impedance);
    case "CLUSTER_SUMMARY":
      return ENVELOPE_BYTES + ofSummary(message);
    case "SECTOR_SUMMARY":
      return message.clusters.reduce(
        (sum, cluster) => sum + (cluster === undefined ? 0 : ofSummary(cluster)),
        ENVELOPE_BYTES +
          (SUMMARY_FIELDS + message.circuits.length * CIRCUIT_FIELDS) * FIELD_BYTES +
          message.silentClusters.length * NUMBER_BYTES +
          ofImpedance(message.impedance),
      );
    case "MAP":
      return (
        ENVELOPE_BYTES +
        (message.clusterCount * OFFERS_OF_CLUSTER * IMPEDANCE_FIELDS + message.circuits.length * CIRCUIT_FIELDS) *
          FIELD_BYTES
      );
    case "CONFLICT":
      return ENVELOPE_BYTES + CASE_FIELDS * FIELD_BYTES;
    case "HAND_ON":
      return ofFields(message) + ofHanded(message.conflicts);
    case "GRANT":
      return ofFields(message) + ofHanded(message.left);
    case "ASSERT":
      return ofFields(message) + ofHanded((message.state as OfficeState | undefined)?.conflicts);
    default:
      return ofFields(message);
  }
}

function ofFields(message: MeshMessage): number {
  return ENVELOPE_BYTES + Object.keys(message).length * FIELD_BYTES;
}

function ofHanded(handed: HandedConflicts | undefined): number {
  if (handed === undefined) return 0;
  return (handed.open.length + handed.post.length) * CASE_FIELDS * FIELD_BYTES + handed.inherited.length * NUMBER_BYTES;
}

function ofImpedance({ capabilities }: AgentImpedance): number {
  return IMPEDANCE_FIELDS * FIELD_BYTES + capabilities.length * NAME_BYTES;
}

/** A record of every agent of the cluster goes with it, and the best agent for each capability. */
function ofSummary({ impedance, records, bestByCapability }: ClusterSummary): number {
  const offers = (records.classes.length + bestByCapability.size) * IMPEDANCE_FIELDS * FIELD_BYTES;
  return SUMMARY_FIELDS * FIELD_BYTES + ofImpedance(impedance) + offers;
}
