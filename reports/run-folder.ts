/**
 * A run on disk. It is written beside its place and moved there when it is complete, so that a reader finds a whole run or
 * none, and an older run of the same name stands until then.
 */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { RunRecord } from "../scenarios/results.js";
import { agentsCsv, seriesCsv } from "./csv.js";
import { reportHtml } from "./html/page.js";
import { prettyJson, resultsJson } from "./json.js";
import { readRun } from "./read-run.js";
import { RunFileError } from "./run-file-error.js";

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
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) {
    checkWritable(folder);
    return;
  }
  const place = stats.isSymbolicLink() ? realpathSync(folder) : folder;
  if (!lstatSync(place).isDirectory()) throw new RunFileError(`${folder} is a file; expected a folder for the run`);
  const entries = readdirSync(place);
  const foreign = entries.find((entry) => !RUN_FILES.includes(entry));
  if (foreign === undefined && (entries.length === 0 || entries.includes("results.json"))) return;
  const found = foreign === undefined ? "it has no results.json" : `it also holds ${foreign}`;
  throw new RunFileError(`${folder} exists and is not a run that could be replaced: ${found}; choose another folder`);
}

/** Writes a whole run to `folder` and creates its parents. Throws RunFileError, or what the file system or zod throws. */
export function writeRun(folder: string, run: RunRecord): void {
  checkRunFolder(folder);
  const place = existsSync(folder) ? realpathSync(folder) : resolve(folder);
  const parent = dirname(place);
  const fresh = join(parent, `.${basename(place)}.writing-${process.pid}`);
  try {
    makeFolders(fresh);
    // The results come first: they are checked, and nothing else is worth writing where they are wrong.
    writeFileSync(join(fresh, "results.json"), resultsJson(run.results));
    writeFileSync(join(fresh, "timing.json"), prettyJson(run.timing));
    writeFileSync(join(fresh, "series.csv"), seriesCsv(run.series));
    writeFileSync(join(fresh, "agents.csv"), agentsCsv(run.agents));
    writeFileSync(join(fresh, "incidents.json"), prettyJson(run.incidents));
    writeFileSync(join(fresh, "report.html"), reportHtml(run.results));
    moveInto(place, fresh);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

/** Tries whether something can be made where the folder is to be. */
function checkWritable(folder: string): void {
  let ancestor = dirname(resolve(folder));
  while (!existsSync(ancestor)) ancestor = dirname(ancestor);
  try {
    rmdirSync(mkdtempSync(join(ancestor, ".rehearse-")));
  } catch (error) {
    throw new RunFileError(`${folder} cannot be made: ${(error as Error).message}; choose another folder`);
  }
}

/** Makes a folder and its parents, one by one: Node's own recursion never returns on a file system such as /proc. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return;
  makeFolders(dirname(folder));
  mkdirSync(folder);
}

/** Renders `report.html` anew from the folder's results and returns its path. Throws RunFileError. */
export function renewReport(folder: string): string {
  const path = join(folder, "report.html");
  const fresh = join(folder, `.report.html.writing-${process.pid}`);
  const page = reportHtml(readRun(folder));
  try {
    writeFileSync(fresh, page);
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  return path;
}

/** Moves the complete run into place; an older one steps aside first and comes back if the move fails. */
function moveInto(place: string, fresh: string): void {
  if (!existsSync(place)) {
    renameSync(fresh, place);
    return;
  }
  const aside = `${fresh}.replaced`;
  renameSync(place, aside);
  try {
    renameSync(fresh, place);
  } catch (error) {
    renameSync(aside, place);
    throw error;
  }
  rmSync(aside, { recursive: true, force: true });
}
