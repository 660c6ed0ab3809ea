/** What each criterion of a target says of a node, with what is told about a value that the mesh does not have. */
import type { Address } from "../../protocol/contract.js";
import { ORCHESTRATOR } from "../../protocol/mesh-30k/topology.js";
import { type Criterion, ROLES } from "../language/fault-target.js";
import { alternatives } from "../language/mismatch.js";
import { nearest } from "../language/nearest.js";
import { type FaultGround, ZONES } from "./fault-ground.js";
import type { Place } from "./refusal.js";

export type Holds = (address: Address) => boolean;

/** Whether a node fulfils one value of a criterion; refuses one that names nothing of this mesh. */
export const CRITERION: Readonly<
  Record<Criterion, (value: string | number, ground: FaultGround, place: Place) => Holds>
> = {
  class: (value, ground, place) => {
    const present = [...new Set(ground.topology.clusters.map(({ agentClass }) => agentClass))].sort();
    if (!present.some((name) => name === value)) {
      place.refuse(`is ${value}, of which this mesh has no agent; expected ${alternatives(present)}`);
    }
    return (address) => ground.classOf(address) === value;
  },
  region: (value, ground, place) => {
    const { regions } = ground.world;
    const index = regions.findIndex(({ id }) => id === value);
    if (index < 0) {
      const ids = regions.map(({ id }) => id);
      const close = nearest(String(value), ids);
      place.refuse(
        `is ${value}, which is no region of the models; ${close ? `did you mean ${close}?` : `one of ${ids.join(", ")}`}`,
      );
    }
    if (!ground.sites.some(({ region }) => region === index)) {
      const used = regions
        .filter((_, region) => ground.sites.some((site) => site.region === region))
        .map(({ id }) => id);
      place.refuse(`is ${value}, where nothing of this mesh stands; expected ${alternatives(used)}`);
    }
    return (address) => ground.sites[address]!.region === index;
  },
  zone: (value, ground, place) => {
    if (Number(value) > ZONES) place.refuse(`is ${value}; expected a zone of a region: 1, 2 or 3`);
    return (address) => ground.zoneOf(address) === value;
  },
  sector: (value, ground, place) => {
    const { length } = ground.topology.sectors;
    if (Number(value) > length) place.refuse(`is ${value}; expected a sector from 1 to ${length}`);
    return (address) => ground.sectorOf(address) === Number(value) - 1;
  },
  cluster: (value, ground, place) => {
    const cluster = ground.clusterOf(lead(String(value), ground, place));
    return (address) => ground.clusterOf(address) === cluster;
  },
  host: (value, ground, place) => {
    const [kind, number] = String(value).split("-") as ["board" | "machine", string];
    const { length } = ground.membersOf(kind);
    if (Number(number) < 1 || Number(number) > length) {
      const expected =
        length === 0 ? "this mesh has none" : `expected ${kind}-1${length > 1 ? ` to ${kind}-${length}` : ""}`;
      place.refuse(`is ${value}; ${expected}`);
    }
    const ids = ground.idsOf(kind);
    return (address) => ids[address] === Number(number) - 1;
  },
  role: (value, ground) => {
    const role = ROLES.find((each) => each === value);
    return (address) => ground.roleOf(address) === role;
  },
  id: (value, ground, place) => {
    const only = addressOf(String(value), ground, place);
    return (address) => address === only;
  },
};

/** The address of a node by its name in reports, the opposite of `Topology.nameOf`. */
function addressOf(name: string, ground: FaultGround, place: Place): Address {
  const { topology } = ground;
  const [, office] = /^(.*)-standby$/.exec(name) ?? [];
  if (office !== undefined) return topology.standbyOf(addressOf(office, ground, place));
  if (name === "orchestrator") return ORCHESTRATOR;
  const [, sector, cluster, agent] = (/^S(\d+)(?:-C(\d+))?(?:-A(\d+))?$/.exec(name) ?? []).map(Number);
  if (cluster === undefined || Number.isNaN(cluster)) {
    const { length } = topology.sectors;
    if (sector! < 1 || sector! > length) place.refuse(`is ${name}; expected a coordinator from S1 to S${length}`);
    return sector!;
  }
  const address = lead(`S${sector}-C${cluster}`, ground, place);
  if (agent === undefined || Number.isNaN(agent)) return address;
  const { firstAgent, size } = topology.clusters[address - topology.firstLead]!;
  if (agent < 1 || agent > size)
    place.refuse(`is ${name}; expected an agent from S${sector}-C${cluster}-A1 to A${size}`);
  return firstAgent + agent - 1;
}

function lead(name: string, { topology }: FaultGround, place: Place): Address {
  const [, sector, cluster] = (/^S(\d+)-C(\d+)$/.exec(name) ?? []).map(Number);
  const found = topology.sectors[sector! - 1];
  const size = topology.sectors[0]!.clusterCount;
  if (found === undefined || cluster! < 1 || cluster! > size) {
    return place.refuse(`is ${name}; expected a cluster from S1-C1 to S${topology.sectors.length}-C${size}`);
  }
  return topology.firstLead + found.firstCluster + cluster! - 1;
}
