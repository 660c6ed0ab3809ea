/** The six impedance classes (document 2.2) and the constants that the document attaches to them. */

/** A edge, B serverless, C persistent container, D GPU, E local hardware, F human. */
export type ImpedanceClass = "A" | "B" | "C" | "D" | "E" | "F";

/** In the document's order. */
export const IMPEDANCE_CLASSES: readonly ImpedanceClass[] = ["A", "B", "C", "D", "E", "F"];

/** What each class is called in reports. */
export const CLASS_NAMES: Readonly<Record<ImpedanceClass, string>> = {
  A: "edge",
  B: "serverless",
  C: "persistent",
  D: "GPU",
  E: "local",
  F: "human",
};

/** Processing time of a standard payload, in milliseconds (document 3.1, `base_times`). */
export const BASE_PROCESSING_MS: Readonly<Record<ImpedanceClass, number>> = {
  A: 10,
  B: 50,
  C: 200,
  D: 100,
  E: 150,
  F: 60_000,
};

/** What each class is best for (document 2.2, `best_for`): the capabilities that its agents offer. */
export const CLASS_CAPABILITIES: Readonly<Record<ImpedanceClass, readonly string[]>> = {
  A: ["routing", "transform", "cache"],
  B: ["api", "database", "integration"],
  C: ["reasoning", "batch", "training"],
  D: ["embedding", "inference", "vision"],
  E: ["sensor", "local-state", "actuator"],
  F: ["decision", "novelty", "oversight"],
};
