/** Where a run may be written: what stands in its place already, and whether a run may take it. */
import { existsSync, lstatSync, mkdtempSync, readdirSync, realpathSync, rmdirSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { readRun } from "./read-run.js";
import { fromSystem, RunFileError } from "./run-file-error.js";

/** Every file that a run may leave in its folder. A folder that holds anything else is not ours to replace. */
const RUN_FILES = [
  "results.json",
  "timing.json",
  "series.csv",
  "agents.csv",
  "incidents.json",
  "report.html",
  "trace.json",
];

/**
 * Whether a run may be written to `folder`: it does not exist yet, is empty, or holds an older run and nothing else. Worth asking
 * before a long run. Throws RunFileError.
 */
export function checkRunFolder(folder: string): void {
  if (folder === "") throw new RunFileError("the folder for the run has an empty name; choose another folder");
  const place = placeOf(folder);
  if (isWithin(placeOf("."), place)) {
    throw new RunFileError(`${folder} is the folder that you are in, which a run would replace; choose another folder`);
  }
  try {
    if (isTaken(place, folder)) tryBeside(place, folder);
    else tryNames(place, folder);
  } catch (error) {
    throw fromSystem(error, `${folder} cannot be made`, "choose another folder");
  }
}

/**
 * Where an interrupted run goes that was to go to `folder`: there, but never in place of a complete run, which took longer to come
 * by. Then it is `folder-partial`, `folder-partial-2` and so on. Throws RunFileError.
 */
export function folderForPartial(folder: string): string {
  const place = resolve(folder);
  const written = (path: string) => (isAbsolute(folder) ? path : relative("", path));
  let candidate = folder;
  for (let n = 1; !isFreeForPartial(candidate); n++) {
    candidate = written(n === 1 ? `${place}-partial` : `${place}-partial-${n}`);
  }
  return candidate;
}

/**
 * Whether a trace can be written beside a run: not into its folder, which is put in place as a whole when the run is over, and not
 * where the folder is to be. Throws RunFileError.
 */
export function checkTraceApart(trace: string, folder: string): void {
  const [file, place] = [placeOf(trace), placeOf(folder)];
  if (!isWithin(file, place) && !isWithin(place, file)) return;
  throw new RunFileError(
    `${trace} cannot take the trace: the whole of ${folder} is put in place when the run is over; choose a place beside it for --trace`,
  );
}

/** The absolute path, through every link that leads somewhere. `..` is taken by name, so that it never depends on what exists. */
export function placeOf(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const parent = dirname(whole);
    return parent === whole ? whole : join(placeOf(parent), basename(whole));
  }
}

/** Whether a folder stands in the place; throws where it is not a run's, or something else stands there. */
function isTaken(place: string, folder: string): boolean {
  const stats = lstatSync(place, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (stats.isSymbolicLink()) throw new RunFileError(`${folder} is a link to nothing; choose another folder`);
  if (!stats.isDirectory()) {
    throw new RunFileError(`${folder} is a file; expected a folder for the run; choose another folder`);
  }
  const entries = readdirSync(place);
  const foreign = entries.find((entry) => !RUN_FILES.includes(entry));
  if (foreign === undefined && (entries.length === 0 || entries.includes("results.json"))) return true;
  const found = foreign === undefined ? "it has no results.json" : `it also holds ${foreign}`;
  throw new RunFileError(`${folder} exists and is not a run that could be replaced: ${found}; choose another folder`);
}

/** Tries whether a run can be made beside an older one, from where it takes its place. */
function tryBeside(place: string, folder: string): void {
  const parent = dirname(place);
  if (lstatSync(place).dev !== lstatSync(parent).dev) {
    throw new RunFileError(`${folder} is where a disk is mounted, which cannot be replaced; choose a folder in it`);
  }
  tryIn(parent);
}

/**
 * Tries whether something can be made where the folder is to be, and asks for each missing name, which may be too long. The
 * folders themselves are not made: runs that start at once would take each other's parents away.
 */
function tryNames(place: string, folder: string): void {
  const missing = [basename(place)];
  let ancestor = dirname(place);
  while (!existsSync(ancestor)) {
    missing.push(basename(ancestor));
    ancestor = dirname(ancestor);
  }
  tryIn(ancestor);
  for (const name of missing) {
    const isLink = lstatSync(join(ancestor, name), { throwIfNoEntry: false })?.isSymbolicLink() === true;
    if (isLink) throw new RunFileError(`${folder}: ${name} is a link to nothing; choose another folder`);
  }
}

function tryIn(folder: string): void {
  rmdirSync(mkdtempSync(join(folder, ".rehearse-")));
}

function isFreeForPartial(folder: string): boolean {
  const place = placeOf(folder);
  return !existsSync(place) || (isRunOrEmpty(place) && !holdsComplete(place));
}

function isRunOrEmpty(place: string): boolean {
  try {
    return isTaken(place, place);
  } catch (error) {
    if (error instanceof RunFileError) return false;
    throw error;
  }
}

/** A run that cannot be read, as one of another version, counts as complete: nobody knows what it is worth. */
function holdsComplete(place: string): boolean {
  if (readdirSync(place).length === 0) return false;
  try {
    return !readRun(place).partial;
  } catch (error) {
    if (error instanceof RunFileError) return true;
    throw error;
  }
}

function isWithin(inner: string, outer: string): boolean {
  const way = relative(outer, inner);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
