/** The shape of the world: which parameters there are, by name. The data files are held against it when they are read. */
import { z } from "zod";
import type { Region } from "./data-files.js";
import type { WorldParameter } from "./parameter.js";

const figure = z.number();

const figures = <Name extends string>(...names: Name[]) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, figure])) as Record<Name, typeof figure>);

const hostedClass = figures("mu", "sigma", "accessShare", "withinShare", "signingScale");
const coordinator = figures("accessMs", "processingMedianMs", "processingSigma", "withinShare", "signingScale");
const link = figures("lossRatio", "duplicationRatio");
const startUp = figures("startMedianMs", "startSigma");
const pairs = z.record(z.string(), z.record(z.string(), figure));

export const worldShape = z.strictObject({
  regions: z.strictObject({
    rttP50Ms: pairs,
    jitterSigma: pairs,
    jitterScale: figure,
    rttScale: figure,
    zoneRttLowMs: figure,
    zoneRttHighMs: figure,
  }),
  agents: z.strictObject({
    A: hostedClass,
    B: hostedClass,
    C: hostedClass,
    D: hostedClass,
    E: figures("processingMedianMs", "processingSigma", "withinShare", "signingScale"),
    F: figures("withinShare"),
    orchestrator: coordinator,
    sector: coordinator,
    lead: coordinator,
    payload: figures("weightFactor"),
    signing: figures("signAndVerifyMs"),
  }),
  network: z.strictObject({
    backbone: link,
    zone: link,
    dataCentre: link,
    hosted: link,
    residential: figures("oneWayMu", "oneWaySigma", "lossRatio", "duplicationRatio"),
    wifi: figures(
      "typicalShare",
      "typicalMu",
      "typicalSigma",
      "slowMu",
      "slowSigma",
      "capMs",
      "lossRatio",
      "duplicationRatio",
    ),
    duplicate: figures("lagMs"),
  }),
  coldStarts: z.strictObject({
    A: figures("startLowMs", "startHighMs", "keepAliveLowMs", "keepAliveHighMs", "meanLifetimeMs"),
    B: figures(
      "initMu",
      "initSigma",
      "startLowMs",
      "startHighMs",
      "keepAliveLowMs",
      "keepAliveHighMs",
      "meanLifetimeMs",
    ),
  }),
  people: z.strictObject({
    acknowledgement: figures(
      "promptShare",
      "promptMedianMs",
      "promptSigma",
      "slowMedianMs",
      "slowSigma",
      "noAnswerRatio",
    ),
  }),
  platforms: z.strictObject({ container: startUp, gpu: startUp, board: startUp }),
  hosts: z.strictObject({
    board: figures(
      "agents",
      "wifiShare",
      "cores",
      "coreShare",
      "cardWritesPerS",
      "jobWritesPerS",
      "memoryGib",
      "dockerMb",
      "containerMb",
      "agentMb",
      "jobMemoryKb",
      "diskGb",
      "diskUsedGb",
      "jobLogKb",
      "logRotationH",
      "ethernetMbps",
      "wifiMbps",
      "lineRoom",
    ).extend({
      heat: figures(
        "ambientC",
        "idleRiseC",
        "loadRiseC",
        "timeConstantS",
        "throttleC",
        "throttleSpanC",
        "hysteresisC",
        "fullMhz",
        "firstStepMhz",
        "secondStepMhz",
        "lastStepMhz",
      ),
    }),
    vm: figures("agents", "cores", "coreShare"),
    gpuNode: figures("agents"),
  }),
  clocks: z.strictObject({
    epochMs: figure,
    rate: figures("crystalSigmaPpm", "vmSigmaPpm", "clipPpm", "dailyCrystalPpm", "dailyServerPpm", "correctedShare"),
    poll: figures("shortestS", "longestS"),
    residual: figures("internetMs", "dataCentreMs"),
    unsynchronised: figures("boardShare", "behindS"),
  }),
  faults: z.strictObject({
    machine: figures("mtbfH", "repairMedianMin", "repairSigma"),
    rack: figures("machines"),
    burst: figures("share", "meanSize", "windowS"),
    partitions: figures("shortShare", "shortMedianMin", "shortSigma", "longMedianMin", "longSigma"),
    memoryPressure: figures("slowFactor", "killsPerH", "restartFirstS", "restartMostS"),
  }),
});

type Figures = z.infer<typeof worldShape>;

/** Round trips between regions, by region index; both matrices are symmetric and 0 on the diagonal. */
export interface Routes {
  readonly rttP50Ms: readonly (readonly number[])[];
  /** RTT = P50 x exp(sigma Z). */
  readonly jitterSigma: readonly (readonly number[])[];
  /** Inside a region, uniform between these. */
  readonly zoneRttLowMs: number;
  readonly zoneRttHighMs: number;
}

/** What the world is like: plain data, the same for the same overrides. Units stand in the names. */
export interface World extends Readonly<Omit<Figures, "regions">> {
  /** A region's index is its place here. */
  readonly regions: readonly Region[];
  readonly routes: Routes;
  /** Every parameter with the value in force. */
  readonly parameters: readonly WorldParameter[];
  /** The paths whose value differs from the data files' by an override. */
  readonly overridden: readonly string[];
}
