/** Says that quiet was skipped while a mesh was not settled, so that its counts may be too small. */
import type { Results } from "../../scenarios/results.js";
import { count, seconds } from "../format.js";
import { html, type Markup } from "./markup.js";

/** Nothing where nothing was skipped, or every cut was in settled time. */
export function unsettledBanner(calendar: Results["calendar"]): Markup | "" {
  const first = calendar?.unsettled[0];
  if (calendar === null || first === undefined) return "";
  const { where, atS } = first;
  return html`<p class="banner"><b>Inconclusive:</b> quiet was skipped ${count(calendar.unsettledCuts)} times while the mesh was not settled, first at ${seconds(atS)} in ${where}; what would have come of it is not counted.</p>`;
}
