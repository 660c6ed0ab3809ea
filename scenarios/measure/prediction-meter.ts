/** How well READY times are predicted: error by class, by predicted time and over time. */
import { IMPEDANCE_CLASSES, type ImpedanceClass } from "../../protocol/mesh-30k/impedance-class.js";
import { Distribution, rounded } from "./distribution.js";
import type { Batch } from "./interval.js";
import { BottomSample } from "./sample.js";

/** KPI of part 11: within 50 ms. */
export const WITHIN_MS = 50;
const SAMPLE_PER_CLASS = 400;
/** Bins of predicted time, six a decade; fewer values than this say nothing about a 5 % tail. */
const BINS_PER_DECADE = 6;
const FEWEST_IN_BIN = 40;
/** Length of the batches that confidence intervals rest on, in seconds: a heartbeat's and a map's age fit in. */
export const BATCH_S = 10;

export interface PredictionPoint {
  readonly class: ImpedanceClass;
  readonly predictedMs: number;
  readonly errorMs: number;
}

class ClassPredictions {
  count = 0;
  within = 0;
  readonly bins: (Distribution | undefined)[] = [];
  readonly sample = new BottomSample<PredictionPoint>(SAMPLE_PER_CLASS);

  errors(): Distribution {
    const all = new Distribution();
    for (const bin of this.bins) if (bin !== undefined) all.merge(bin);
    return all;
  }
}

export class PredictionMeter {
  private readonly byClass = new Map<ImpedanceClass, ClassPredictions>(
    IMPEDANCE_CLASSES.map((name) => [name, new ClassPredictions()]),
  );
  /** Machine agents' predictions, and those within 50 ms, by batch of time. */
  private readonly batches: { count: number; within: number }[] = [];

  /**
   * @param key names the message
   * @param nowS since measuring began
   * @param predictedMs from sending until READY as predicted
   * @param errorMs actual minus predicted READY time
   */
  add(agentClass: ImpedanceClass, key: number, nowS: number, predictedMs: number, errorMs: number): void {
    const predictions = this.byClass.get(agentClass)!;
    const within = Math.abs(errorMs) <= WITHIN_MS;
    predictions.count++;
    if (within) predictions.within++;
    const bin = Math.max(0, Math.floor(Math.log10(Math.max(1, predictedMs)) * BINS_PER_DECADE));
    predictions.bins[bin] ??= new Distribution();
    predictions.bins[bin].add(errorMs);
    predictions.sample.offer(key, () => ({
      class: agentClass,
      predictedMs: rounded(predictedMs),
      errorMs: rounded(errorMs),
    }));
    if (agentClass !== "F") this.addToBatch(nowS, within);
  }

  of(agentClass: ImpedanceClass): { count: number; within: number; errors: Distribution } {
    const { count, within } = this.byClass.get(agentClass)!;
    return { count, within, errors: this.byClass.get(agentClass)!.errors() };
  }

  /** Machine agents' predictions and those within 50 ms, altogether and in each batch of time. */
  machines(): { count: number; within: number; batches: Batch[] } {
    const batches = this.batches.filter((batch) => batch !== undefined && batch.count > 0);
    const count = batches.reduce((sum, batch) => sum + batch.count, 0);
    const within = batches.reduce((sum, batch) => sum + batch.within, 0);
    return { count, within, batches: batches.map((batch) => ({ part: batch.within, whole: batch.count })) };
  }

  points(): PredictionPoint[] {
    return [...this.byClass.values()].flatMap((predictions) => predictions.sample.values());
  }

  /** Quantiles of the error by predicted time, at the geometric middle of each bin. */
  bands(): { class: ImpedanceClass; predictedMs: number; p5: number; p50: number; p95: number; count: number }[] {
    return [...this.byClass].flatMap(([name, predictions]) =>
      predictions.bins.flatMap((bin, index) => {
        if (bin === undefined || bin.count < FEWEST_IN_BIN) return [];
        const predictedMs = rounded(Math.exp(((index + 0.5) / BINS_PER_DECADE) * Math.LN10));
        const [p5, p50, p95] = [bin.quantile(0.05), bin.quantile(0.5), bin.quantile(0.95)];
        return [{ class: name, predictedMs, p5: p5!, p50: p50!, p95: p95!, count: bin.count }];
      }),
    );
  }

  private addToBatch(nowS: number, within: boolean): void {
    const index = Math.floor(nowS / BATCH_S);
    this.batches[index] ??= { count: 0, within: 0 };
    this.batches[index].count++;
    if (within) this.batches[index].within++;
  }
}
