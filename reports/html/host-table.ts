/** The machines that several agents share: how much of each was used, and what that cost its agents. */
import type { Results } from "../../scenarios/results.js";
import { amount, count, percent, seconds } from "../format.js";
import { html, type Markup } from "./markup.js";
import { dataTable, numbers } from "./table.js";

/** All boards of the main scenario fit. */
const MOST_ROWS = 30;

const HEADS = [
  { text: "first agent" },
  { text: "machine" },
  { text: "region" },
  ...numbers("agents", "cores busy", "held up", "hottest", "throttled", "memory", "disk", "line busy"),
  ...numbers("dropped", "killed", "rejected"),
];

/** Nothing where there is none. */
export function hostTable({ hosts }: Pick<Results, "hosts">): Markup | string {
  if (hosts.length === 0) return "";
  const shown = [...hosts].sort((a, b) => (b.heldUpS ?? 0) - (a.heldUpS ?? 0)).slice(0, MOST_ROWS);
  const rows = shown.map((host) => ({
    cells: [
      html`<code>${host.firstAgent}</code>`,
      host.kind,
      host.region,
      count(host.agents),
      percent(host.busyRatio),
      seconds(host.heldUpS),
      host.hottestC === null ? "–" : `${amount(host.hottestC)} °C`,
      percent(host.throttledRatio),
      percent(host.memoryRatio),
      percent(host.diskRatio),
      percent(host.lineRatio),
      count(host.dropped),
      count(host.killed),
      count(host.refused),
    ],
  }));
  const which =
    shown.length < hosts.length
      ? `The ${shown.length} of ${count(hosts.length)} machines whose agents lost most time.`
      : "Every machine whose agents can hold each other up.";
  const caption = `${which} Held up: by how much longer jobs took than alone, added up. Memory and disk: the most in use at once. Dropped: messages for which the line had no room. Killed: agents, for want of memory. Rejected: jobs, for want of disk.`;
  return html`<h2>Shared machines</h2>
${dataTable(caption, HEADS, rows)}`;
}
