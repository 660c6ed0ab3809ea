/** Reads the text of a scenario file, and says what is wrong where that cannot be done. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { nearest } from "./nearest.js";
import { ScenarioError } from "./scenario-error.js";

/** A scenario is a page; a file of a thousand pages is something else, taken for one by mistake. */
const LARGEST_BYTES = 1024 * 1024;

/** @throws ScenarioError */
export function readScenarioFile(path: string): string {
  const refuse = (message: string) => new ScenarioError([{ place: path === "" ? "''" : path, message }]);
  try {
    const stats = statSync(path);
    if (stats.isDirectory())
      throw refuse("this is a directory; expected a scenario file (name one of the files in it)");
    if (!stats.isFile()) throw refuse("this is no regular file; expected a scenario file (save the scenario to one)");
    if (stats.size > LARGEST_BYTES) {
      throw refuse(
        `the file has ${stats.size} bytes; expected a scenario of at most ${LARGEST_BYTES} bytes (is it the right file?)`,
      );
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof ScenarioError) throw error;
    if (error instanceof TypeError)
      throw refuse("this is no UTF-8 text; expected a scenario in YAML (is it the right file?)");
    throw refuse(inWords(error as NodeJS.ErrnoException, path));
  }
}

function inWords({ code, message }: NodeJS.ErrnoException, path: string): string {
  if (code === "ENOENT" || code === "ENOTDIR") {
    const meant = neighbour(path);
    return `there is no such file; expected a scenario${meant === undefined ? " (check the path)" : ` (did you mean ${meant}?)`}`;
  }
  if (code === "EACCES" || code === "EPERM") return "the file may not be read; expected permission to (see ls -l)";
  return `the file cannot be read: ${message}`;
}

/** The scenario in the same directory whose name is nearest. */
function neighbour(path: string): string | undefined {
  try {
    const scenarios = readdirSync(dirname(path))
      .filter((name) => /\.ya?ml$/.test(name))
      .sort();
    const name = nearest(basename(path), scenarios);
    return name === undefined ? undefined : join(dirname(path), name);
  } catch {
    return undefined;
  }
}
