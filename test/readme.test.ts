/**
 * The documentation's commands are run as a reader would type them: every line of every `sh` block of README.md and docs/ci.md, in
 * order, in a folder of its own that holds the scenarios. `rehearse` is the built command. A line that ends in a comment such as
 * `# exits 1` must end with that code; any other must end with 0.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROTOCOL_OPTIONS } from "../protocol/mesh-30k/options.js";
import { KPI_IDS, KPIS } from "../scenarios/kpis.js";
import { scenarioJsonSchema } from "../scenarios/language/json-schema.js";
import { parseScenario } from "../scenarios/language/load.js";

const root = fileURLToPath(new URL("..", import.meta.url));
/** A page, its tables without the padding that formatting gives them. */
const page = (path: string) =>
  readFileSync(join(root, path), "utf8").replace(/^\|.*$/gm, (row) => row.replaceAll(/ {2,}/g, " "));

function blocks(path: string, language: string): string[] {
  return [...page(path).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map((match) => match[1]!);
}

function commands(path: string): string[] {
  return blocks(path, "sh").flatMap((block) => block.trimEnd().split("\n"));
}

/** Exit codes that a command may end with. */
function expectedCodes(command: string): number[] {
  const [, codes] = / # exits (\d+(?: or \d+)*)$/.exec(command) ?? [];
  return codes === undefined ? [0] : codes.split(" or ").map(Number);
}

const has = (program: string) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const canRun = (command: string) => !/^jq\b/.test(command) || has("jq");
if (!has("jq")) process.stderr.write("docs/ci.md: commands with jq are skipped, jq is not installed\n");

/** Installing is not for a test to do; what the commands stand for is. */
const INSTALLS = /^npm ci && npm (start|test)$/;

beforeAll(() => {
  if (existsSync(join(root, "dist/cli.js"))) return;
  execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
});

describe.each(["README.md", "docs/ci.md"])("the commands of %s", (path) => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "rehearsal-docs-"));
    cpSync(join(root, "scenarios"), join(folder, "scenarios"), { recursive: true });
    mkdirSync(join(folder, "bin"));
    const rehearse = join(folder, "bin/rehearse");
    writeFileSync(rehearse, `#!/bin/sh\nexec '${process.execPath}' '${join(root, "dist/cli.js")}' "$@"\n`);
    chmodSync(rehearse, 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const toRun = commands(path).filter((command) => !INSTALLS.test(command));

  it("are some", () => expect(toRun.length).toBeGreaterThan(3));

  for (const command of toRun) {
    it.skipIf(!canRun(command))(command, () => {
      const PATH = [join(folder, "bin"), process.env.PATH].join(delimiter);
      const run = spawnSync("sh", ["-c", command], { cwd: folder, env: { ...process.env, PATH }, encoding: "utf8" });
      expect(expectedCodes(command), `${run.stdout}${run.stderr}`).toContain(run.status);
    });
  }
});

describe("README.md", () => {
  const { scripts } = JSON.parse(page("package.json")) as { scripts: Record<string, string> };
  const yaml = blocks("README.md", "yaml");

  it("begins with the two commands, which install and then do what it says", () => {
    expect(commands("README.md").filter((command) => INSTALLS.test(command))).toEqual([
      "npm ci && npm start",
      "npm ci && npm test",
    ]);
    expect(scripts.start).toBe("npm run --silent build && node dist/cli.js run scenarios/mesh-30k.yaml");
    expect(scripts.pretest).toBe("npm run --silent build");
    expect(scripts.test).toBe("vitest run");
  });

  const [scenarios, faults] = [/^name: /m, /^faults:/].map((kind) => yaml.filter((text) => kind.test(text)));

  // That faults can be added as it says is held in test/scenarios/faults/documentation.test.ts.
  it("shows scenarios, and faults to add to one", () => {
    expect([...scenarios!, ...faults!].sort()).toEqual([...yaml].sort());
  });

  it.each(scenarios!)("shows a scenario that is sound: %s", (text) => {
    expect(parseScenario(text, "README.md").scenario.durationMs).toBe(30_000);
  });

  it("gives the exit codes that the command's help gives", () => {
    const help = execFileSync(process.execPath, [join(root, "dist/cli.js"), "--help"], { encoding: "utf8" });
    const [, text = ""] = /Exit codes: (.*)$/s.exec(help) ?? [];
    const codes = [...text.matchAll(/\b(\d+) /g)].map((match) => match[1]);
    expect(codes.length).toBeGreaterThan(0);
    for (const path of ["README.md", "docs/ci.md", "docs/protocols.md"]) {
      const [table = ""] = /^\| code \| .*?\n\n/ms.exec(page(path)) ?? [];
      expect([...table.matchAll(/^\| (\d+) \| /gm)].map((match) => match[1])).toEqual(codes);
    }
  });
});

describe("docs/protocols.md", () => {
  const text = page("docs/protocols.md");
  const rows = text.split("\n").filter((line) => line.startsWith("| "));
  const rowOf = (name: string) => rows.filter((row) => row.includes(`| \`${name}\` |`));

  it.each(Object.keys(PROTOCOL_OPTIONS))("tells what the option %s means", (name) => {
    expect(rowOf(name)).toHaveLength(1);
  });

  it("gives every parameter with its default", () => {
    const { parameters } = scenarioJsonSchema().properties!.protocol!.properties!;
    const defaults = Object.entries(parameters!.properties!).map(([name, schema]) => [
      name,
      (schema as { default?: unknown }).default,
    ]);
    expect(defaults.length).toBeGreaterThan(5);
    for (const [name, value] of defaults) expect(rowOf(String(name)).join()).toContain(`| ${value} |`);
  });

  it.each(KPI_IDS)("defines the KPI %s", (id) => {
    const { title, target, unit } = KPIS[id];
    const shown = {
      ratio: `${Number((target.value * 100).toPrecision(6))} %`,
      ms: `${target.value} ms`,
      s: `${target.value / 60} min`,
      "/year": `${target.value} / year`,
    }[unit];
    expect(rowOf(id)).toEqual([expect.stringContaining(`| ${title} |`)]);
    expect(rowOf(id)[0]).toContain(`| ${target.comparison} ${shown}`);
  });
});

describe("links between pages", () => {
  const pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/protocols.md", "docs/ci.md"];
  const links = pages.flatMap((from) =>
    [...page(from).matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].map((match) => [from, match[1]!] as const),
  );

  it.each(links)("in %s leads %s somewhere", (from, link) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? from : join(dirname(from), file);
    expect(existsSync(join(root, target)), target).toBe(true);
    if (anchor === undefined) return;
    const headings = [...page(target).matchAll(/^#+ (.*)$/gm)].map((match) => slug(match[1]!));
    expect(headings).toContain(anchor);
  });
});

/** As GitHub makes it. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}
