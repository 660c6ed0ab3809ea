/** Kinds of hardware, and the categories that decide which of the world's models apply to each. */

/** The classes of agents (MESH-30K 2.2), then the three tiers of coordinators. */
export type HardwareId = "A" | "B" | "C" | "D" | "E" | "F" | "orchestrator" | "sector" | "lead";

export interface Hardware {
  /** The link between the machine and the nearest region: a key of `World.network`. */
  readonly access: "dataCentre" | "hosted" | "residential";
  /** What its clock runs on: a bare crystal, or a virtual machine's idea of one. */
  readonly oscillator: "crystal" | "vm";
  /** What sets its clock: a server in the data centre, or one across the Internet. */
  readonly timeSource: "dataCentre" | "internet";
  /** Whether the machine is a board: shared by many agents, perhaps on Wi-Fi, and without a battery clock. */
  readonly board: boolean;
  /** What kind of machine several agents share: a key of `World.hosts`. Undefined where each has one alone. */
  readonly host: "board" | "vm" | "gpuNode" | undefined;
}

const hosted: Hardware = {
  access: "hosted",
  oscillator: "vm",
  timeSource: "dataCentre",
  board: false,
  host: undefined,
};
const coordinator: Hardware = { ...hosted, access: "dataCentre" };
const home: Hardware = {
  access: "residential",
  oscillator: "crystal",
  timeSource: "internet",
  board: false,
  host: undefined,
};

export const HARDWARE: Readonly<Record<HardwareId, Hardware>> = {
  A: hosted,
  B: hosted,
  C: { ...hosted, host: "vm" },
  D: { ...hosted, oscillator: "crystal", host: "gpuNode" },
  E: { ...home, board: true, host: "board" },
  F: home,
  orchestrator: coordinator,
  sector: coordinator,
  lead: coordinator,
};
