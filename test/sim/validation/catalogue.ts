/** All closed forms, and their findings as the rows of docs/validation.md. */
import { BURSTS } from "./bursts.js";
import { CLOCKS } from "./clocks.js";
import type { ClosedForm, Finding } from "./closed-form.js";
import { ORDER_STATISTICS } from "./order-statistics.js";
import { PIPES } from "./pipes.js";
import { QUEUES } from "./queues.js";
import { QUORUMS } from "./quorums.js";
import { SHARED_HOSTS } from "./shared-hosts.js";

export const CLOSED_FORMS: readonly ClosedForm[] = [
  ...QUEUES,
  ...SHARED_HOSTS,
  ...PIPES,
  ...ORDER_STATISTICS,
  ...QUORUMS,
  ...BURSTS,
  ...CLOCKS,
];

/** To the µs where it is a second and more, else four significant digits. */
function figure(value: number): string {
  return Math.abs(value) >= 1_000 ? value.toFixed(3) : value.toPrecision(4);
}

/** One row of the table of findings. */
export function findingRow(form: ClosedForm, finding: Finding): string {
  const { expected, measured, low, high, mistaken } = finding;
  const halfWidth = (high - low) / 2;
  const interval = halfWidth < 1e-5 ? `± ${halfWidth.toExponential(0)}` : `${figure(low)} to ${figure(high)}`;
  const cells = [`\`${form.id}\``, form.quantity, figure(expected), figure(measured), interval, figure(mistaken)];
  return `| ${cells.join(" | ")} |`;
}

/** One row of the table of sources. */
export function sourceRow(form: ClosedForm): string {
  return `| \`${form.id}\` | ${form.formula} | ${form.source} | ${form.mistake} |`;
}
