/** What is counted of the traffic of a mesh, or of a part of one, whatever the order in which it happens. */
import type { MeshMessage } from "../../protocol/mesh-30k/messages.js";
import { US_PER_S } from "../../sim/time.js";
import { LastReports } from "./last-reports.js";

export const MESSAGE_KINDS = [
  "HEARTBEAT",
  "COORDINATE",
  "ACK",
  "CLUSTER_SUMMARY",
  "SECTOR_SUMMARY",
  "MAP",
  "CIRCUIT",
  "FREEZE",
  "ASSERT",
  "GRANT",
  "CANVASS",
  "VOTE",
  "OUTDATED",
  "HAND_ON",
  "CONFLICT",
  "CONFLICT_NOTED",
  "CONFLICT_TRACE",
  "CONFLICT_EVIDENCE",
  "CONFLICT_VERDICT",
  "FAILURE",
  "PROBE",
  "PROBE_ACK",
  "MODE",
] as const satisfies readonly MeshMessage["type"][];

type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Points of the chart of message rates: a second each in runs of up to two hours. */
const MOST_POINTS = 7_200;

export class TrafficTally {
  /** Coordination messages that each agent received, by its position among the agents. */
  readonly received: Int32Array;
  readonly reports: LastReports;
  /** Messages sent, by second and kind; index second x kinds + kind. */
  readonly sentBySecond: number[] = [];

  /** @param memory of `TrafficTally.bytes`, where the parts of a mesh share it, each of which counts its own agents */
  constructor(agentCount: number, memory: ArrayBufferLike = new ArrayBuffer(TrafficTally.bytes(agentCount))) {
    const figures = new Float64Array(memory, 0, LastReports.figures(agentCount));
    this.reports = new LastReports(figures);
    this.received = new Int32Array(memory, figures.byteLength);
  }

  static bytes(agentCount: number): number {
    const { BYTES_PER_ELEMENT: doubleBytes } = Float64Array;
    return LastReports.figures(agentCount) * doubleBytes + agentCount * Int32Array.BYTES_PER_ELEMENT;
  }

  noteSent(nowUs: number, kind: MessageKind): void {
    this.addSent(Math.floor(nowUs / US_PER_S) * MESSAGE_KINDS.length + MESSAGE_KINDS.indexOf(kind), 1);
  }

  /** Adds what another part of the same mesh sent, by second and kind; what it counted of its agents is shared. */
  addSentBySecond(sent: readonly number[]): void {
    sent.forEach((count, cell) => {
      this.addSent(cell, count);
    });
  }

  sentOfKind(kind: MessageKind): number {
    let sum = 0;
    for (let cell = MESSAGE_KINDS.indexOf(kind); cell < this.sentBySecond.length; cell += MESSAGE_KINDS.length) {
      sum += this.sentBySecond[cell] ?? 0;
    }
    return sum;
  }

  /**
   * Messages sent in each second of a run that lasted until `endUs`, by kind, for the kinds that were sent at all. What
   * was sent at the very end belongs to the last second, which may be a part of one. Of a run longer than a chart has room
   * for, the mean over a few seconds, rounded, stands for each of them, at the first.
   */
  rates(endUs: number): { second: number; kind: string; sent: number }[] {
    const seconds = Math.ceil(endUs / US_PER_S);
    const kinds = MESSAGE_KINDS.filter((kind) => this.sentOfKind(kind) > 0);
    const sentIn = (second: number, kind: MessageKind) =>
      this.sentBySecond[second * MESSAGE_KINDS.length + MESSAGE_KINDS.indexOf(kind)] ?? 0;
    const step = Math.ceil(seconds / MOST_POINTS);
    return Array.from({ length: Math.ceil(seconds / step) }, (_, point) =>
      kinds.map((kind) => {
        const second = point * step;
        const beyond = Math.min(second + step, seconds);
        let sent = beyond === seconds ? sentIn(seconds, kind) : 0;
        for (let each = second; each < beyond; each++) sent += sentIn(each, kind);
        return { second, kind, sent: Math.round(sent / (beyond - second)) };
      }),
    ).flat();
  }

  private addSent(cell: number, count: number): void {
    this.sentBySecond[cell] = (this.sentBySecond[cell] ?? 0) + count;
  }
}
