/** What a KPI must reach for the run to pass: `>= 99 %`, `<= 1000 ms`, `<= 5 min`, or `ignore`. */
import type { Comparison, KpiDefinition } from "../kpis.js";
import { DECIMAL, DURATION_PATTERN, field, RATIO_PATTERN } from "./fields.js";
import { Mismatch } from "./mismatch.js";
import { readDuration, readRatio } from "./units.js";

/** The value is in the KPI's own unit. `ignore`: the KPI is reported and decides nothing. */
export type Threshold = { readonly comparison: Comparison; readonly value: number } | "ignore";

/** A rate of what is rare, as a plain number of times a year. */
const YEARLY_PATTERN = `${DECIMAL} */ *year`;

const THRESHOLD = /^(>=|<=)?\s*(.+)$/s;

/** @param kpi decides which unit and which direction make sense: a floor for what should be high, a ceiling for the rest */
export function readThreshold(found: unknown, kpi: KpiDefinition): Threshold | Mismatch {
  if (found === "ignore") return "ignore";
  const { comparison, value: target } = kpi.target;
  const expecting = (quantity: string) => `${comparison} and ${quantity}, such as "${inWords(kpi, target)}", or ignore`;
  const expected = expecting(QUANTITIES[kpi.unit].name);
  const [, sign, quantity] = THRESHOLD.exec(String(found)) ?? [];
  if (quantity === undefined || typeof found === "object") return new Mismatch(expected);
  const value = readValue(quantity, kpi);
  if (value instanceof Mismatch) {
    // Without a unit, a duration is probably meant in the one that the KPI is reported in.
    const meant = kpi.unit !== "ratio" && /^[\d.]+$/.test(quantity) ? `${quantity} ${kpi.unit}` : value.meant;
    const reason = hasForm(quantity, kpi) ? expecting(value.expected) : expected;
    return new Mismatch(reason, meant && `"${comparison} ${meant}"`);
  }
  return sign === comparison ? { comparison, value } : new Mismatch(expected, `"${comparison} ${quantity}"`);
}

export const threshold = (kpi: KpiDefinition) =>
  field((found) => readThreshold(found, kpi), {
    type: "string",
    pattern: `^(${kpi.target.comparison} *${quantityPattern(kpi)}|ignore)$`,
    examples: [inWords(kpi, kpi.target.value), "ignore"],
  });

const QUANTITIES: Readonly<Record<KpiDefinition["unit"], { readonly name: string; readonly pattern: string }>> = {
  ratio: { name: "a ratio", pattern: RATIO_PATTERN },
  ms: { name: "a duration", pattern: DURATION_PATTERN },
  s: { name: "a duration", pattern: DURATION_PATTERN },
  "/year": { name: "a number of times a year", pattern: YEARLY_PATTERN },
};

const quantityPattern = ({ unit }: KpiDefinition) => QUANTITIES[unit].pattern;

/** Whether a quantity that is refused is at least written as one: it is then out of range. */
const hasForm = (quantity: string, kpi: KpiDefinition) => new RegExp(`^${quantityPattern(kpi)}$`).test(quantity);

function readValue(quantity: string, kpi: KpiDefinition): number | Mismatch {
  if (kpi.unit === "ratio") return readRatio(quantity);
  if (kpi.unit === "/year") {
    return hasForm(quantity, kpi) ? Number.parseFloat(quantity) : new Mismatch(QUANTITIES[kpi.unit].name);
  }
  const ms = readDuration(quantity);
  return ms instanceof Mismatch || kpi.unit === "ms" ? ms : ms / 1000;
}

/** A threshold as it is written in a scenario. */
function inWords({ target, unit }: KpiDefinition, value: number): string {
  const quantity = unit === "ratio" ? `${Number((value * 100).toPrecision(12))} %` : `${value} ${unit}`;
  return `${target.comparison} ${quantity}`;
}
