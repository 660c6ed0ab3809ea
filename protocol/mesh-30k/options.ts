/**
 * Where the protocol as deployed may differ from the document. Each option is one deviation: `as-written` follows the
 * letter of the document, `repaired` is what we would deploy. `docs/protocols.md` tells what each one means and
 * `docs/findings.md` what each repair is worth.
 */

export type Variant = "as-written" | "repaired";

/** One entry for each option: what it decides, in a line. */
export const PROTOCOL_OPTIONS = {
  latencyEstimate: "how an agent measures its latency: one-way across two clocks, or a round trip on its own clock",
  driftCoefficient: "how unsteadiness is scaled: standard deviation in ms, or coefficient of variation",
  buffer: "the safety margin of a lead time: one standard deviation, or a learned quantile of its own error",
  processingEstimate: "what processing is expected: a constant for the class, or the agent's measured median",
  responseRate:
    "what a gather and its levels are judged by: READY of those sent to, or of all agents targeted, at every level",
  humanTargets: "whether people count in mesh-wide operations, or stand apart as checkpoints",
  targetTime: "whether each level sets a target time of its own, or all aim at the initiator's",
  gatherEnd: "when a gather ends: at its deadline, or as soon as it is decided",
  lateSend: "what happens to an agent that cannot make the target time: skipped, or sent if it can make the window",
  routing:
    "how the best agent is chosen and its queue judged: by its last heartbeat, or by the work it was given since, and distance",
  conflicts:
    "what becomes of a conflict: logged, quarantined and a strategy suggested, or the strategy carried out with everybody concerned",
  failureWindow: "how far back circuit breakers count failures: for ever, or 60 s",
  failureEvidence:
    "what counts as a failure: each lost message and each high score, or what a retry or a second report confirms",
  delivery: "what a lost or repeated message leads to: nothing is done, or resend and deduplicate",
  takeover:
    "how a standby comes to hold an office: when the primary is silent, or elected by a majority of the members, with a lease",
} as const;

export type ProtocolOption = keyof typeof PROTOCOL_OPTIONS;

export type ProtocolOptions = Readonly<Record<ProtocolOption, Variant>>;

/** Every option at the same variant. */
export function preset(variant: Variant): ProtocolOptions {
  const names = Object.keys(PROTOCOL_OPTIONS) as ProtocolOption[];
  return Object.fromEntries(names.map((name) => [name, variant])) as ProtocolOptions;
}
