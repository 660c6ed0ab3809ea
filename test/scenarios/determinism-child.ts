/** Rehearses the varied mesh in a process of its own and prints its results, for determinism.test.ts. */
import { finished, jsonOf, load, VARIED } from "./small-mesh.js";

process.stdout.write(jsonOf(finished(load(VARIED))));
