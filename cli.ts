#!/usr/bin/env node
/** The command line: options in, one call into a room, exit code out. Nothing else prints or exits. */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { describeWorld } from "./models/describe.js";
import { loadWorld } from "./models/world.js";
import { amount } from "./reports/format.js";
import { resultsJson } from "./reports/json.js";
import { progressOn } from "./reports/progress.js";
import { readRun, readTiming } from "./reports/read-run.js";
import { RunFileError } from "./reports/run-file-error.js";
import { worldText } from "./reports/terminal/world.js";
import { terminalReport } from "./reports/terminal.js";
import { isHealingUndecided } from "./reports/undecided.js";
import { loadScenario } from "./scenarios/language/load.js";
import { ScenarioError } from "./scenarios/language/scenario-error.js";
import { checkMemory } from "./scenarios/memory-need.js";
import { Rehearsal } from "./scenarios/rehearsal.js";
import type { Results, Timing } from "./scenarios/results.js";
import { runScenario } from "./scenarios/run-scenario.js";
import { ShardError } from "./scenarios/shards/run-shards.js";
import { TraceError, TraceFile } from "./scenarios/trace.js";
import { US_PER_S } from "./sim/time.js";

const ExitCode = { ok: 0, missed: 1, badInput: 2, violated: 3, inconclusive: 4, ownBug: 70, interrupted: 130 } as const;

/** V8 lets its heap double before it collects; a mesh's live data is most of its heap, and memory is bounded. */
setFlagsFromString("--heap-growing-percent=40");

interface ScenarioOptions {
  readonly set?: readonly string[];
  readonly seed?: number;
}

interface RunCommandOptions extends ScenarioOptions {
  readonly out?: string;
  readonly json?: boolean;
  readonly trace?: string;
  readonly threads?: number;
}

const colour = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;

async function run(path: string, options: RunCommandOptions): Promise<number> {
  const loaded = loadScenario(path, options.set, options.seed);
  checkMemory(loaded);
  const { checkRunFolder, checkTraceApart } = await import("./reports/run-place.js");
  const { writeRun } = await import("./reports/run-folder.js");
  const { scenario } = loaded;
  const folder = options.out ?? `runs/${scenario.name}-${scenario.seed}`;
  checkRunFolder(folder);
  if (options.trace !== undefined) checkTraceApart(options.trace, folder);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  // For as long as it takes: a second Ctrl-C must not lose what the first one is about to write.
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  const threads = options.threads ?? availableParallelism();
  const trace = options.trace === undefined ? undefined : new TraceFile(options.trace);
  const progress = progressOn(process.stderr, (scenario.warmUpMs + scenario.durationMs) / 1000);
  try {
    const record = await runScenario(loaded, {
      version: version(),
      reproduce: commandLine(path, { ...options, seed: scenario.seed }),
      threads,
      onThreads: (used) => {
        if (options.threads !== undefined && used < threads) process.stderr.write(`${fewerThreads(used, options)}\n`);
      },
      signal: interruption.signal,
      onProgress: (simulatedS, events) => progress.update(simulatedS, events),
      ...(trace !== undefined && { onEvent: trace.onEvent }),
    });
    progress.stop();
    writeAndPrint(record.results, record.timing, options.json === true, () => {
      const written = writeRun(folder, record);
      if (written !== folder) {
        process.stderr.write(`${folder} keeps its complete run; what this interrupted one measured is in ${written}\n`);
      }
      return join(written, "report.html");
    });
    return verdictOf(record.results);
  } finally {
    progress.stop();
    trace?.close();
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

function fewerThreads(used: number, { threads, trace }: RunCommandOptions): string {
  const reason =
    trace === undefined
      ? "more would be no faster, for what they would wait for each other, or would not fit in memory"
      : "a trace is written by one";
  return `runs on ${plural(used, "thread")} of ${threads}: ${reason}`;
}

/**
 * What was measured is printed even where it cannot be written, as on a full disk: it may have taken hours.
 * @param write returns the path of `report.html`
 */
function writeAndPrint(results: Results, timing: Timing | undefined, asJson: boolean, write: () => string): void {
  const print = (reportPath?: string) =>
    process.stdout.write(asJson ? resultsJson(results) : terminalReport(results, { colour, timing, reportPath }));
  let reportPath: string;
  try {
    reportPath = write();
  } catch (error) {
    if (error instanceof RunFileError) print();
    throw error;
  }
  print(reportPath);
}

/** Checks every scenario, also after one that is wrong. */
function validate(paths: readonly string[], options: ScenarioOptions): number {
  return Math.max(...paths.map((path) => validateOne(path, options)));
}

function validateOne(path: string, options: ScenarioOptions): number {
  try {
    const loaded = loadScenario(path, options.set, options.seed);
    checkMemory(loaded);
    const { topology, calendar } = new Rehearsal(loaded).stage;
    const { name } = loaded.scenario;
    const { agentCount, clusters, sectors } = topology;
    const shape = `${plural(agentCount, "agent")} in ${plural(clusters.length, "cluster")} and ${plural(sectors.length, "sector")}`;
    const simulated = plural(calendar.simulatedUs / US_PER_S, "simulated second");
    const skipped = calendar.skippedUs === 0 ? "" : ` and ${plural(calendar.skippedUs / US_PER_S, "second")} skipped`;
    process.stdout.write(`${path}: ${name} is sound: ${shape}, ${simulated}${skipped}\n`);
    return ExitCode.ok;
  } catch (error) {
    return complain(error);
  }
}

function plural(value: number, noun: string): string {
  return `${amount(value)} ${noun}${value === 1 ? "" : "s"}`;
}

async function report(folder: string): Promise<number> {
  const results = readRun(folder);
  const { renewReport } = await import("./reports/run-folder.js");
  writeAndPrint(results, readTiming(folder), false, () => renewReport(folder));
  return verdictOf(results);
}

function models(options: { readonly json?: boolean }): number {
  const groups = describeWorld(loadWorld({}));
  process.stdout.write(options.json === true ? `${JSON.stringify(groups, null, 2)}\n` : worldText(groups, { colour }));
  return ExitCode.ok;
}

function verdictOf(results: Results): number {
  if (results.partial) return ExitCode.interrupted;
  if (results.invariants.some((invariant) => invariant.violations > 0)) return ExitCode.violated;
  if (results.faults.some((fault) => !fault.tookEffect)) return ExitCode.inconclusive;
  if (results.calendar !== null && results.calendar.unsettledCuts > 0) return ExitCode.inconclusive;
  if (isHealingUndecided(results)) return ExitCode.inconclusive;
  const missed = results.kpis.some((kpi) => kpi.gated && kpi.verdict === "missed");
  return missed ? ExitCode.missed : ExitCode.ok;
}

function commandLine(path: string, options: RunCommandOptions): string {
  const settings = (options.set ?? []).flatMap((setting) => ["--set", setting]);
  const words = ["rehearse", "run", path, ...settings, "--seed", String(options.seed)];
  return words.map((word) => (/^[\w./=:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}

/** The version in package.json, beside this file or, once compiled, a folder above it. */
function version(): string {
  for (const place of ["./package.json", "../package.json"]) {
    try {
      const { version } = JSON.parse(readFileSync(fileURLToPath(new URL(place, import.meta.url)), "utf8"));
      return String(version);
    } catch {}
  }
  throw new Error("package.json was not found beside or above the command");
}

function seedOf(text: string): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text))) {
    throw new InvalidArgumentError(`expected a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  return Number(text);
}

/** As many as there can be shards: their numbers take 16 bits, and no machine has more cores. */
const MOST_THREADS = 1024;

function threadsOf(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > MOST_THREADS) {
    throw new InvalidArgumentError(`expected a whole number from 1 to ${MOST_THREADS}`);
  }
  return Number(text);
}

function program(finish: (code: number) => void): Command {
  const set = new Option(
    "-s, --set <path=value>",
    "set a value of the scenario, such as network.loss=1%; repeatable",
  ).argParser((setting: string, before: string[] = []) => [...before, setting]);
  const seed = new Option("--seed <n>", "seed, in place of the scenario's").argParser(seedOf);
  const command = new Command("rehearse")
    .description("Rehearse a mesh of AI agents before it goes live: the real protocol code, in a simulated world.")
    .version(version())
    .exitOverride()
    .showHelpAfterError("(rehearse --help shows how)")
    .addHelpText(
      "after",
      `
Examples:
  rehearse run scenarios/mesh-30k.yaml
  rehearse run scenarios/mesh-100.yaml --set 'network.loss=1 %' --seed 7
  rehearse run scenarios/mesh-100.yaml --json > results.json
  rehearse validate scenarios/*.yaml
  rehearse report runs/mesh-100-1
  rehearse models

Exit codes: 0 all holds, 1 a KPI missed its threshold, 2 wrong command line, scenario or
folder, 3 an invariant was violated, 4 inconclusive: a declared fault never took effect,
a mesh was not settled where quiet was skipped, or was not yet whole again when the run ended,
70 a bug of our own, 130 interrupted.`,
    );
  command
    .command("run")
    .description("run a scenario, write its results and its report")
    .argument("<scenario>", "a YAML file")
    .addOption(set)
    .addOption(seed)
    .option(
      "-o, --out <folder>",
      "folder to write the run to; an older run in it is replaced (default: runs/NAME-SEED)",
    )
    .addOption(
      new Option(
        "--threads <n>",
        "how many threads may work at it, all cores by default; the results are the same",
      ).argParser(threadsOf),
    )
    .option("--json", "print results.json in place of the tables; the folder is written all the same")
    .option("--trace <file>", "write every event to a CSV file, too; about 30 bytes each")
    .addHelpText(
      "after",
      examples(
        "run scenarios/mesh-30k.yaml",
        "run scenarios/mesh-100.yaml --set 'network.loss=1 %' --seed 7 --out runs/lossy",
        "run scenarios/mesh-100.yaml --json | jq .kpis",
      ),
    )
    .action(async (path: string, options: RunCommandOptions) => finish(await run(path, options)));
  command
    .command("validate")
    .description("check scenarios without running them")
    .argument("<scenario...>", "YAML files")
    .addOption(set)
    .addOption(seed)
    .addHelpText("after", examples("validate scenarios/*.yaml", "validate scenarios/mesh-100.yaml --set duration=1h"))
    .action((paths: string[], options: ScenarioOptions) => finish(validate(paths, options)));
  command
    .command("report")
    .description("print the tables of a run again and renew its report.html")
    .argument("<run>", "the folder of a run")
    .addHelpText("after", examples("report runs/mesh-100-1"))
    .action(async (folder: string) => finish(await report(folder)));
  command
    .command("models")
    .description("list what the world is assumed to be, with sources")
    .option("--json", "print JSON in place of text")
    .addHelpText("after", examples("models | less", "models --json | jq '.[].title'"))
    .action((options: { json?: boolean }) => finish(models(options)));
  return command;
}

function examples(...lines: readonly string[]): string {
  return ["\nExamples:", ...lines.map((line) => `  rehearse ${line}`)].join("\n");
}

async function main(): Promise<number> {
  let code: number = ExitCode.ok;
  try {
    await program((finished) => {
      code = finished;
    }).parseAsync();
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.badInput;
    return complain(error);
  }
}

/** Tells what went wrong, and returns the exit code for it. */
function complain(error: unknown): number {
  if (error instanceof ScenarioError || error instanceof RunFileError || error instanceof TraceError) {
    process.stderr.write(`${error.message}\n`);
    return ExitCode.badInput;
  }
  if (error instanceof ShardError) {
    process.stderr.write(`${error.message}\n`);
    return ExitCode.ownBug;
  }
  process.stderr.write(`A bug in rehearse itself: ${(error as Error).stack}\n`);
  return ExitCode.ownBug;
}

/** A reader that has gone away, as in `rehearse models | head`, has read what it wanted. Anything else, such as a full disk, is told. */
function onOutputError({ code, message }: NodeJS.ErrnoException): void {
  if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return;
  process.stderr.write(`standard output cannot be written (${message}); send it somewhere else\n`);
  process.exitCode = ExitCode.badInput;
}

process.stdout.on("error", onOutputError);
process.stderr.on("error", () => {});
const code = await main();
// Standard output may have failed meanwhile.
process.exitCode ??= code;
