/** What the report calls scopes and kinds of incidents, and how it colours them. */
import type { Results } from "../../scenarios/results.js";

type Incident = Results["incidents"]["list"][number];

export const SCOPE_NAMES: Readonly<Record<Incident["scope"], string>> = {
  global: "mesh",
  sector: "sector",
  cluster: "cluster",
};

export const INCIDENT_KINDS: Readonly<Record<Incident["kind"], { readonly name: string; readonly shade: string }>> = {
  "split-brain": { name: "split brain", shade: "kind-4" },
  outage: { name: "outage", shade: "kind-0" },
  breaker: { name: "breaker open", shade: "kind-1" },
  mode: { name: "degraded mode", shade: "kind-3" },
};
