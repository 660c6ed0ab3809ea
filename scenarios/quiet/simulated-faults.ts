/** Faults as the simulation meets them when the quiet between them is left out: from calendar time to simulated time. */
import type { Spell } from "../../sim/faults/fault-plan.js";
import type { StagedFaults } from "../faults/resolve.js";
import type { Span } from "../faults/spans.js";
import type { Calendar } from "./calendar.js";

/** All times at which something of the faults is under way, clocks and kills that they bring along included. */
export function spellsOf({ plan, pushes }: StagedFaults): Span[] {
  const pushed = pushes.map(({ atUs }) => ({ fromUs: atUs, untilUs: atUs }));
  return [...plan.links, ...plan.nodes, ...plan.clocks, ...pushed];
}

/** The same faults in simulated time, but for what is told of them to people, which stays in calendar time. */
export function simulatedFaults({ plan, pushes, faults }: StagedFaults, calendar: Calendar): StagedFaults {
  const moved = <S extends Spell>(spell: S): S => {
    const fromUs = calendar.simulatedAtUs(spell.fromUs);
    return { ...spell, fromUs, untilUs: calendar.simulatedAtUs(spell.untilUs) };
  };
  return {
    plan: { ...plan, links: plan.links.map(moved), nodes: plan.nodes.map(moved), clocks: plan.clocks.map(moved) },
    pushes: pushes.map((push) => ({ ...push, atUs: calendar.simulatedAtUs(push.atUs) })),
    faults,
  };
}
