/** What went wrong, scope by scope and in order of time: split brains, outages, breakers, modes. */
import type { Topology } from "../../../protocol/mesh-30k/topology.js";
import { US_PER_S } from "../../../sim/time.js";
import type { Outcome } from "../../outcome.js";
import type { Results } from "../../results.js";
import { scopeOfOffice } from "../authority/authority-of.js";
import { rounded } from "../distribution.js";
import type { Outage } from "../outages.js";
import type { BreakerSpell } from "./breaker-spells.js";
import type { ModeChange } from "./mode-spells.js";

/** Times in µs; `untilUs` undefined where it lasted until the end of the run. */
interface Incident extends Outage {
  readonly kind: Results["incidents"]["list"][number]["kind"];
  readonly scope: Results["incidents"]["list"][number]["scope"];
  readonly detail: string;
}

/** More of one kind at one scope than anybody reads; the counts are of all. */
const MOST_LISTED = 1_000;

/** Those that lasted into measured time. */
export function incidentsOf({ meter, stage, nowUs }: Outcome): Results["incidents"] {
  const { topology, warmUpUs, calendar } = stage;
  const groups: Incident[][] = [];
  const add = (incidents: readonly Incident[]) => {
    const measured = incidents.filter(({ untilUs }) => untilUs === undefined || untilUs > warmUpUs);
    if (measured.length > 0) groups.push(measured.sort((a, b) => a.fromUs - b.fromUs));
  };
  for (const scope of ["global", "sector", "cluster"] as const) {
    const splits = meter.authority.incidents.filter(({ office }) => scopeOfOffice(office, topology) === scope);
    add(
      splits.map(({ office, fromUs, untilUs, severity }) => {
        const where = topology.nameOf(office);
        return { kind: "split-brain" as const, scope, where, fromUs, untilUs, detail: severity };
      }),
    );
    if (scope === "global") add(modeIncidents(meter.modes.changes));
    else {
      const outages = meter.availability[`${scope}s`].all();
      add(outages.map((outage) => ({ kind: "outage" as const, scope, detail: "", ...outage })));
    }
    const breakers = meter.breakers.all.filter((spell) => spell.scope === scope);
    add(breakers.map((spell) => breakerIncident(spell, topology)));
  }
  const datedS = (us: number) => calendar.calendarUs(us) / US_PER_S;
  const lastedS = ({ fromUs, untilUs }: Incident) => datedS(untilUs ?? nowUs) - datedS(fromUs);
  return {
    byKind: groups.map((group) => ({
      kind: group[0]!.kind,
      scope: group[0]!.scope,
      count: group.length,
      totalS: rounded(group.reduce((sum, incident) => sum + lastedS(incident), 0)),
      longestS: rounded(group.reduce((most, incident) => Math.max(most, lastedS(incident)), 0)),
    })),
    list: groups
      .flatMap((group) => group.slice(0, MOST_LISTED))
      .sort((a, b) => a.fromUs - b.fromUs)
      .map(({ kind, scope, where, fromUs, untilUs, detail }) => ({
        kind,
        scope,
        where,
        fromS: rounded(datedS(fromUs)),
        untilS: untilUs === undefined ? null : rounded(datedS(untilUs)),
        detail,
      })),
  };
}

function breakerIncident({ scope, id, fromUs, untilUs }: BreakerSpell, topology: Topology): Incident {
  const first = { global: 0, sector: 1, cluster: topology.firstLead }[scope];
  return { kind: "breaker", scope, where: topology.nameOf(first + id), fromUs, untilUs, detail: "" };
}

/** Every time in another mode than FULL. */
function modeIncidents(changes: readonly ModeChange[]): Incident[] {
  return changes.flatMap(({ atUs, mode }, at) => {
    if (mode === "FULL") return [];
    const where = "orchestrator";
    return { kind: "mode", scope: "global", where, fromUs: atUs, untilUs: changes[at + 1]?.atUs, detail: mode };
  });
}
