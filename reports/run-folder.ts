/**
 * A run on disk. It is written beside its place and moved there when it is complete, so that a reader finds a whole run or
 * none, and an older run of the same name stands until then.
 */
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RunRecord } from "../scenarios/results.js";
import { agentsCsv, seriesCsv } from "./csv.js";
import { reportHtml } from "./html/page.js";
import { prettyJson, resultsJson } from "./json.js";
import { readRun } from "./read-run.js";
import { fromSystem } from "./run-file-error.js";
import { checkRunFolder, folderForPartial, placeOf } from "./run-place.js";

/**
 * Writes a whole run to `folder` and creates its parents; a partial run goes beside a complete one instead of replacing it. Where
 * it fails, everything is as it was.
 * @returns the folder that it was written to
 * @throws RunFileError, or what zod throws where the results do not fit their schema
 */
export function writeRun(folder: string, run: RunRecord): string {
  const written = run.results.partial ? folderForPartial(folder) : folder;
  checkRunFolder(written);
  const place = placeOf(written);
  // A name of a fixed length, since the run's own may be as long as the file system allows.
  const fresh = join(dirname(place), `.rehearse-${randomUUID().slice(0, 13)}`);
  const made: string[] = [];
  try {
    makeFolders(fresh, made);
    writeFiles(fresh, run);
    moveInto(place, fresh);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    removeEmpty(made);
    throw fromSystem(error, `${written} cannot be written`, "make room or choose another folder");
  }
  return written;
}

function writeFiles(folder: string, run: RunRecord): void {
  // The results come first: they are checked, and nothing else is worth writing where they are wrong.
  writeFileSync(join(folder, "results.json"), resultsJson(run.results));
  writeFileSync(join(folder, "timing.json"), prettyJson(run.timing));
  writeFileSync(join(folder, "series.csv"), seriesCsv(run.series));
  writeFileSync(join(folder, "agents.csv"), agentsCsv(run.agents));
  writeFileSync(join(folder, "incidents.json"), prettyJson(run.incidents));
  writeFileSync(join(folder, "report.html"), reportHtml(run.results));
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
    throw fromSystem(error, `${path} cannot be written`, "make room, or copy the run to a place that is yours");
  }
  return path;
}

/** Makes a folder and its parents, one by one: Node's own recursion never returns on a file system such as /proc. */
function makeFolders(folder: string, made: string[]): void {
  if (existsSync(folder)) return;
  makeFolders(dirname(folder), made);
  try {
    mkdirSync(folder);
    made.push(folder);
  } catch (error) {
    // Another run that began at the same time may have made it.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function removeEmpty(folders: readonly string[]): void {
  for (const folder of folders.toReversed()) {
    try {
      rmdirSync(folder);
    } catch {
      // It is gone, or another run has written to it.
    }
  }
}

/** Moves the complete run into place; an older one steps aside first and comes back if the move fails. */
function moveInto(place: string, fresh: string): void {
  if (!existsSync(place)) {
    renameSync(fresh, place);
    return;
  }
  const aside = `${fresh}-replaced`;
  renameSync(place, aside);
  try {
    renameSync(fresh, place);
  } catch (error) {
    renameSync(aside, place);
    throw error;
  }
  rmSync(aside, { recursive: true, force: true });
}
