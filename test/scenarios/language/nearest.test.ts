import { expect, it } from "vitest";
import { nearest } from "../../../scenarios/language/nearest.js";

it.each<[name: string, found: string, candidates: string[], expected: string | undefined]>([
  ["a letter is missing", "netwrk", ["mesh", "network"], "network"],
  ["a letter is too much", "cascadess", ["cascades", "cascade"], "cascades"],
  ["two letters changed places", "nmae", ["name", "seed", "mesh"], "name"],
  ["two letters of a short word changed places", "wvae", ["parallel", "wave"], "wave"],
  ["a swap and a letter more are too much for a short word", "nmaes", ["name"], undefined],
  ["two letters of a longer word changed places", "threhsolds", ["workload", "thresholds"], "thresholds"],
  ["upper and lower case do not count", "WARMUP", ["warmUp"], "warmUp"],
  ["another word is no misspelling", "zebra", ["seed", "mesh"], undefined],
  ["a letter is not another letter", "G", ["A", "B"], undefined],
  ["of equally near ones, the first", "bat", ["cat", "hat"], "cat"],
  ["nothing to choose from", "name", [], undefined],
])("%s", (_, found, candidates, expected) => {
  expect(nearest(found, candidates)).toBe(expected);
});
