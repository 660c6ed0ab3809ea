/** What the machines that several agents stand on have to share, as the engine is told of it. */
import type { Heat, HostSpec, SharedLine, Sharing, Storage } from "../sim/hosts/host-plan.js";
import { drawBoards } from "./access.js";
import { HARDWARE } from "./hardware.js";
import { machineCount, type Site } from "./site.js";
import type { World } from "./world-shape.js";

const GIB = 1_073_741_824;
const GB = 1e9;
const MB = 1e6;
const KB = 1e3;
const S_PER_H = 3_600;

/**
 * All of them, in the order of their machines' ids. A GPU node has nothing that its agents would wait for, and a machine
 * with one agent has it alone: neither is among them, but a board is always, since its card and its line are slow for one.
 * @param sites by node address
 */
export function sharedHosts(world: World, sites: readonly Site[], seed: number): HostSpec[] {
  const nodesOf = new Map<number, number[]>();
  for (const [address, { hardware, machine }] of sites.entries()) {
    const { host } = HARDWARE[hardware];
    if (host === undefined || host === "gpuNode") continue;
    const nodes = nodesOf.get(machine);
    if (nodes === undefined) nodesOf.set(machine, [address]);
    else nodes.push(address);
  }
  const { wifi } = drawBoards(seed, machineCount(sites));
  return [...nodesOf].flatMap(([machine, nodes]): HostSpec[] => {
    if (HARDWARE[sites[nodes[0]!]!.hardware].host === "board") {
      const onWifi = wifi[machine]! < world.hosts.board.wifiShare;
      return [board(world, nodes, onWifi)];
    }
    return nodes.length === 1 ? [] : [{ kind: "vm", nodes, sharing: coresOf(world.hosts.vm) }];
  });
}

function board({ hosts }: World, nodes: readonly number[], onWifi: boolean): HostSpec {
  const { jobWritesPerS, cardWritesPerS, ethernetMbps, wifiMbps, lineRoom } = hosts.board;
  const line: SharedLine = {
    bitsPerS: (onWifi ? wifiMbps : ethernetMbps) * MB,
    room: lineRoom,
    halfDuplex: onWifi,
  };
  return {
    kind: onWifi ? "board on Wi-Fi" : "board on Ethernet",
    nodes,
    sharing: { ...coresOf(hosts.board), jobWritesPerS, cardWritesPerS, heat: heatOf(hosts.board.heat) },
    storage: storageOf(hosts.board, nodes.length),
    line,
  };
}

function coresOf({ cores, coreShare }: World["hosts"]["vm"]): Sharing {
  return { cores, coreShare, jobWritesPerS: 0, cardWritesPerS: Number.POSITIVE_INFINITY };
}

/** Three steps down, the second half way between the first and the last. */
function heatOf(heat: World["hosts"]["board"]["heat"]): Heat {
  const { throttleC, throttleSpanC, fullMhz, firstStepMhz, secondStepMhz, lastStepMhz } = heat;
  return {
    ambientC: heat.ambientC,
    idleRiseC: heat.idleRiseC,
    fullRiseC: heat.idleRiseC + heat.loadRiseC,
    timeConstantS: heat.timeConstantS,
    hysteresisC: heat.hysteresisC,
    steps: [
      { fromC: throttleC, speed: firstStepMhz / fullMhz },
      { fromC: throttleC + throttleSpanC / 2, speed: secondStepMhz / fullMhz },
      { fromC: throttleC + throttleSpanC, speed: lastStepMhz / fullMhz },
    ],
  };
}

/** At the start, the runtime and so many idle containers take memory. */
function storageOf(board: World["hosts"]["board"], containers: number): Storage {
  return {
    memoryBytes: board.memoryGib * GIB,
    memoryUsedBytes: (board.dockerMb + containers * (board.containerMb + board.agentMb)) * MB,
    nodeMemoryBytes: (board.containerMb + board.agentMb) * MB,
    jobMemoryBytes: board.jobMemoryKb * KB,
    diskBytes: board.diskGb * GB,
    diskUsedBytes: board.diskUsedGb * GB,
    jobLogBytes: board.jobLogKb * KB,
    rotationS: board.logRotationH * S_PER_H,
  };
}
