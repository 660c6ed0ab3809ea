/** A run on several shards in one thread: what crosses from one to another is copied as it is for another thread. */
import type { LoadedScenario } from "../../../scenarios/language/load.js";
import { meterOf } from "../../../scenarios/measure/mesh-meter.js";
import { sharedNodeMemory } from "../../../scenarios/node-memory.js";
import type { Outcome } from "../../../scenarios/outcome.js";
import { mergeReports } from "../../../scenarios/shards/merge-reports.js";
import { NoteReader } from "../../../scenarios/shards/note-reader.js";
import { Shard } from "../../../scenarios/shards/shard.js";
import { planShards } from "../../../scenarios/shards/shard-plan.js";
import { windowEnds } from "../../../scenarios/shards/windows.js";
import { Stage } from "../../../scenarios/stage.js";

/** @returns the outcome, and how many messages crossed */
export function ranOnShards(
  loaded: LoadedScenario,
  shardCount: number,
  stage = new Stage(loaded),
): { outcome: Outcome; crossed: number } {
  const plan = planShards(stage, shardCount, true);
  if (plan.shardCount !== shardCount) throw new Error(`the mesh can be cut into ${plan.shardCount} shards at most`);
  const memory = sharedNodeMemory(stage);
  const shards = Array.from({ length: shardCount }, (_, own) => new Shard(stage, plan, own, memory));
  const meter = meterOf(stage);
  const reader = new NoteReader(shardCount, meter);
  for (const untilUs of windowEnds(plan.lookaheadUs, stage.endUs)) {
    for (const shard of shards) shard.run(untilUs);
    for (const from of shards) {
      from.takeOut().forEach((crossings, to) => {
        if (crossings.data.length > 0) shards[to]!.takeIn(structuredClone(crossings));
      });
    }
    shards.forEach((shard, index) => {
      reader.take(index, structuredClone(shard.takeNotes()), untilUs);
    });
  }
  const merged = mergeReports(
    shards.map((shard) => structuredClone(shard.report())),
    stage.topology.agentCount,
    memory,
  );
  meter.finish(merged.nowUs);
  return { outcome: { ...merged, stage, meter }, crossed: merged.books.crossedIn };
}
