/**
 * How agents that do not keep to the protocol change what they send. What they do to a message depends on the message, on what
 * they sent before, and on the random numbers that they are handed, and on nothing else.
 */
import type { Address } from "../../protocol/contract.js";
import type { Acknowledge, AgentImpedance, Heartbeat, MeshMessage } from "../../protocol/mesh-30k/messages.js";

/** Messages that a replaying agent remembers. */
const REMEMBERED = 16;

/** How often it says one of them again when it says something new. */
const REPLAY_SHARE = 0.5;

interface Said {
  readonly to: Address;
  readonly message: MeshMessage;
}

export class Sabotage {
  /** By agent: the last things that it said while it replayed, the oldest first. */
  private readonly said = new Map<Address, Said[]>();

  /**
   * What is sent in place of `message`. Of an agent that replays, the state is kept here, so a mesh in parts has one
   * `Sabotage` for each of them.
   * @param way `contradict`, `replay` or `lie`
   * @param random uniform in [0, 1), of the sender's own stream; asked as often whatever comes out of it
   */
  tamper(way: string, from: Address, to: Address, message: MeshMessage, random: () => number): readonly MeshMessage[] {
    switch (way) {
      case "contradict":
        return [message.type === "ACK" ? contradicted(message) : message];
      case "lie":
        return [message.type === "HEARTBEAT" ? flattered(message) : message];
      case "replay":
        return this.replayed(from, to, message, random(), random());
      default:
        throw new Error(`there is no way to tamper with messages that is called ${way}`);
    }
  }

  /** The message, and after it, now and then, one that went to the same receiver before. */
  private replayed(from: Address, to: Address, message: MeshMessage, whether: number, which: number): MeshMessage[] {
    let said = this.said.get(from);
    if (said === undefined) {
      said = [];
      this.said.set(from, said);
    }
    const older = said.filter((each) => each.to === to);
    said.push({ to, message });
    if (said.length > REMEMBERED) said.shift();
    if (whether >= REPLAY_SHARE || older.length === 0) return [message];
    return [message, older[Math.floor(which * older.length)]!.message];
  }
}

/** READY, with a result that is not what comes of the work: its output contradicts that of all others (document 6.1). */
function contradicted(answer: Acknowledge): Acknowledge {
  return { ...answer, trinaryState: 1, conflict: undefined, resultHash: ~answer.resultHash };
}

/** As good as an impedance can be told: a millisecond for the way and one for the work, and never a failure. */
const FLATTERY = {
  latencyMs: 1,
  latencyDeviationMs: 0,
  processingMs: 1,
  queueDepth: 0,
  impedanceScore: 2,
  reliabilityScore: 1,
  driftCoefficient: 0,
} as const satisfies Partial<AgentImpedance>;

function flattered(heartbeat: Heartbeat): Heartbeat {
  return { ...heartbeat, impedance: { ...heartbeat.impedance, ...FLATTERY } };
}
