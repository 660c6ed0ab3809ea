/** What the message bus did: nothing to say of a run whose messages are datagrams. */
import type { Results } from "../../scenarios/results.js";
import { amount, count } from "../format.js";
import { html, type Markup } from "./markup.js";
import { dataTable, numbers } from "./table.js";

export function busTable({ bus }: Results): Markup {
  if (bus === null) return html``;
  const { order, sentPerSecond } = bus;
  const rate: [string, string][] =
    sentPerSecond === null
      ? []
      : [
          ["sent per second, mean of measured time", amount(sentPerSecond.mean)],
          ["sent per second, most", amount(sentPerSecond.peak)],
        ];
  const rows: [string, string][] = [...rate, ...ofKind(bus)];
  const judged: [string, number, boolean][] = [
    ["sent", order.sent, false],
    ["delivered", order.delivered, false],
    ["delivered again", order.repeated, false],
    ["delivered after a later one", order.outOfOrder, true],
    ["delivered after their time to live", order.late, true],
  ];
  return html`<h2>Message bus: ${bus.kind}</h2>
<div class="pair"><div>
${dataTable(
  "What the bus did, in the whole run.",
  [{ text: "what" }, ...numbers("messages")],
  rows.map(([name, value]) => ({ cells: [name, value] })),
)}</div><div>
${dataTable(
  "Messages between leads and their agents, as the judge of order saw them.",
  [{ text: "what" }, ...numbers("messages")],
  judged.map(([name, value, isBad]) => ({
    tone: isBad && value > 0 ? ("bad" as const) : undefined,
    cells: [name, count(value)],
  })),
)}</div></div>\n`;
}

function ofKind(bus: NonNullable<Results["bus"]>): [string, string][] {
  if (bus.kind === "pubsub") return [["dropped because the subscriber's pipe was full", count(bus.overflowed)]];
  return [
    ["handed over", count(bus.first)],
    ["handed over again", count(bus.repeated)],
    ["sent again for want of an acknowledgement", count(bus.redelivered)],
    ["acknowledged", count(bus.acknowledged)],
    ["acknowledgements lost", count(bus.acknowledgementsLost)],
    ["waited for their turn", count(bus.heldBack)],
    ["dropped, being copies or out of turn", count(bus.outOfTurn)],
    ["dead letters", count(bus.deadLetters)],
    ["neither acknowledged nor given up at the end", count(bus.outstanding)],
  ];
}
