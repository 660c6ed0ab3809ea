/** From what the judge of authority saw to the results' section on it. */
import type { Address } from "../../../protocol/contract.js";
import { ORCHESTRATOR, type Topology } from "../../../protocol/mesh-30k/topology.js";
import { type Micros, US_PER_S } from "../../../sim/time.js";
import type { Calendar } from "../../quiet/calendar.js";
import type { Results } from "../../results.js";
import { exactQuantiles, rounded } from "../distribution.js";
import { countInterval, poissonInterval } from "../interval.js";
import { YEAR_S } from "../year.js";
import { occasionsOf } from "./occasions.js";
import type { SplitBrain, SplitBrainJudge } from "./split-brain-judge.js";

type Authority = Results["authority"];

const SCOPES = ["global", "sector", "cluster"] as const;

/** What somebody in an office has authority over. */
export function scopeOfOffice(office: Address, { firstLead }: Topology): Authority["byScope"][number]["scope"] {
  if (office === ORCHESTRATOR) return "global";
  return office < firstLead ? "sector" : "cluster";
}

/**
 * @param measuredS how much calendar time the count is of
 * @param calendar by which incidents are dated
 */
export function authorityOf(
  judge: SplitBrainJudge,
  topology: Topology,
  measuredS: number,
  calendar: Calendar,
): Authority {
  const scopeOf = ({ office }: SplitBrain) => scopeOfOffice(office, topology);
  const dated = (us: Micros) => seconds(calendar.calendarUs(us));
  const vacantS = Array.from({ length: topology.officeCount }, (_, office) => judge.vacantS(office));
  return {
    measuredS,
    staleBeliefs: judge.staleBeliefs,
    byScope: SCOPES.map((scope) => {
      const all = judge.incidents.filter((incident) => scopeOf(incident) === scope);
      const ended = all.flatMap(({ fromUs, untilUs }) => (untilUs === undefined ? [] : dated(untilUs) - dated(fromUs)));
      const occasions = occasionsOf(all);
      const perYear = (count: number, { low, high }: { readonly low: number; readonly high: number }) => {
        if (measuredS <= 0) return null;
        const [value, least, most] = [count, low, high].map((each) => rounded((each * YEAR_S) / measuredS));
        return { value: value!, low: least!, high: most! };
      };
      return {
        scope,
        incidents: all.length,
        occasions: occasions.length,
        conflictingCommits: all.filter(({ severity }) => severity === "conflicting-commit").length,
        occasionsPerYear: perYear(occasions.length, poissonInterval(occasions.length)),
        perYear: perYear(all.length, countInterval(occasions)),
        durationS: exactQuantiles(ended),
        vacantS: rounded(
          vacantS.reduce((sum, s, office) => (scopeOfOffice(office, topology) === scope ? sum + s : sum), 0),
        ),
        memberSeconds: rounded(all.reduce((sum, { memberSeconds }) => sum + memberSeconds, 0)),
      };
    }),
    incidents: judge.incidents.slice(0, MOST_LISTED).map((incident) => ({
      scope: scopeOf(incident),
      where: topology.nameOf(incident.office),
      fromS: dated(incident.fromUs),
      untilS: incident.untilUs === undefined ? null : dated(incident.untilUs),
      severity: incident.severity,
      holders: incident.holders.map(({ process, term, members }) => ({
        node: topology.nameOf(process),
        term,
        members,
      })),
      memberSeconds: rounded(incident.memberSeconds),
    })),
  };
}

/** More than anybody reads; the counts above are of all. */
const MOST_LISTED = 1_000;

function seconds(us: Micros): number {
  return rounded(us / US_PER_S);
}
