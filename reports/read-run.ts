/**
 * Reading a run back from its folder. What lies there may come from anywhere and is trusted in nothing: its size is limited and
 * its shape is checked, and whatever is wrong with it is one clear error.
 */
import { readFileSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Results, resultsSchema, type Timing } from "../scenarios/results.js";
import { RunFileError } from "./run-file-error.js";

/** A run of 30,000 agents over five minutes writes about 1 MB; this leaves room for a run of hours. */
const MOST_BYTES = 128 * 1024 * 1024;

const timingSchema = z.object({
  startUpS: z.number(),
  wallS: z.number(),
  threads: z.number(),
  eventsPerSecond: z.number(),
  simulatedSecondsPerSecond: z.number(),
  peakRssMb: z.number(),
  node: z.string(),
});

/** The results in a run's folder. Throws RunFileError. */
export function readRun(folder: string): Results {
  return checked(join(folder, "results.json"), resultsSchema);
}

/** How long the run took, on whatever machine ran it; undefined where its folder does not say. */
export function readTiming(folder: string): Timing | undefined {
  try {
    return checked(join(folder, "timing.json"), timingSchema);
  } catch (error) {
    if (error instanceof RunFileError) return undefined;
    throw error;
  }
}

function checked<Value>(path: string, schema: z.ZodType<Value>): Value {
  const result = schema.safeParse(parsed(path), { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue!.path.length === 0 ? "" : ` ${field(issue!.path)}:`;
  throw new RunFileError(
    `${path}:${where} ${issue!.message}${found(issue!.input)}; run the scenario again to write it anew`,
  );
}

function parsed(path: string): unknown {
  const text = limitedText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RunFileError(`${path}: not valid JSON: ${(error as Error).message}`);
  }
}

function limitedText(path: string): string {
  const stats = statsOf(path);
  if (!stats.isFile()) throw new RunFileError(`${path}: not a plain file`);
  if (stats.size > MOST_BYTES) throw new RunFileError(`${path}: ${stats.size} bytes; expected ${MOST_BYTES} at most`);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new RunFileError(`${path}: cannot be read: ${(error as Error).message}`);
  }
}

function statsOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const found = code === "ENOENT" || code === "ENOTDIR" ? "not found" : `cannot be read (${message})`;
    throw new RunFileError(`${path}: ${found}; expected the folder of a run`);
  }
}

/** `kpis[2].value` */
function field(path: readonly PropertyKey[]): string {
  return path.map((key, at) => (typeof key === "number" ? `[${key}]` : `${at > 0 ? "." : ""}${String(key)}`)).join("");
}

function found(input: unknown): string {
  if (input === undefined || (typeof input === "object" && input !== null)) return "";
  return `, found ${JSON.stringify(input).slice(0, 60)}`;
}
