import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readRun, readTiming } from "../../reports/read-run.js";
import { RunFileError } from "../../reports/run-file-error.js";
import { renewReport, writeRun } from "../../reports/run-folder.js";
import { checkRunFolder } from "../../reports/run-place.js";
import { exampleResults, exampleRun, TIMING } from "./fixture.js";

let parent: string;
let folder: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "rehearsal-reports-"));
  folder = join(parent, "runs", "mesh-30k");
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const FILES = ["agents.csv", "incidents.json", "report.html", "results.json", "series.csv", "timing.json"];

describe("writing a run", () => {
  test("leaves every file, readable to others, and nothing else", () => {
    writeRun(folder, exampleRun());
    expect(readdirSync(folder).sort()).toEqual(FILES);
    expect(readdirSync(join(parent, "runs"))).toEqual(["mesh-30k"]);
    expect(statSync(folder).mode & 0o077).toBe(0o777 & ~process.umask() & 0o077);
    expect(readRun(folder)).toEqual(exampleResults());
    expect(readTiming(folder)).toEqual(TIMING);
    expect(JSON.parse(readFileSync(join(folder, "incidents.json"), "utf8"))).toEqual(exampleRun().incidents);
  });

  test("writes the same bytes whatever the order of keys", () => {
    writeRun(folder, exampleRun());
    const first = readFileSync(join(folder, "results.json"), "utf8");
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (value === null || typeof value !== "object") return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, reversed(item)]),
      );
    };
    writeRun(folder, { ...exampleRun(), results: reversed(exampleResults()) as never });
    expect(readFileSync(join(folder, "results.json"), "utf8")).toBe(first);
    expect(first.endsWith("}\n")).toBe(true);
    expect(first.indexOf('"format"')).toBeLessThan(first.indexOf('"kpis"'));
  });

  test("replaces an older run as a whole", () => {
    writeRun(folder, exampleRun());
    writeFileSync(join(folder, "trace.json"), "old");
    writeRun(folder, exampleRun());
    expect(readdirSync(folder).sort()).toEqual(FILES);
    expect(readdirSync(join(parent, "runs"))).toEqual(["mesh-30k"]);
  });

  test.each([
    [
      "results that do not fit the schema",
      () => ({ ...exampleRun(), results: { ...exampleResults(), events: Number.NaN } }),
    ],
    [
      "an error in the middle",
      () => ({
        ...exampleRun(),
        get incidents(): never {
          throw new Error("disk full");
        },
      }),
    ],
  ])("%s leave the older run as it was and nothing half-written", (_, broken) => {
    writeRun(folder, exampleRun());
    writeFileSync(join(folder, "series.csv"), "the older run");
    expect(() => writeRun(folder, broken() as never)).toThrow();
    expect(readFileSync(join(folder, "series.csv"), "utf8")).toBe("the older run");
    expect(readdirSync(folder).sort()).toEqual(FILES);
    expect(readdirSync(join(parent, "runs"))).toEqual(["mesh-30k"]);
    expect(() => writeRun(join(parent, "runs", "new"), broken() as never)).toThrow();
    expect(readdirSync(join(parent, "runs"))).toEqual(["mesh-30k"]);
  });

  test("never replaces what is not a run", () => {
    mkdirSync(folder, { recursive: true });
    checkRunFolder(folder);
    writeFileSync(join(folder, "thesis.txt"), "years of work");
    expect(() => writeRun(folder, exampleRun())).toThrow(/not a run that could be replaced: it also holds thesis\.txt/);
    expect(() => checkRunFolder(folder)).toThrow(RunFileError);
    expect(readdirSync(folder)).toEqual(["thesis.txt"]);
    expect(() => checkRunFolder(join(folder, "thesis.txt"))).toThrow(/is a file; expected a folder/);
    expect(() => checkRunFolder(join(parent, "new"))).not.toThrow();
  });

  describe("a partial run", () => {
    const partial = (seed: number): ReturnType<typeof exampleRun> => {
      const results = exampleResults();
      return { ...exampleRun(), results: { ...results, partial: true, scenario: { ...results.scenario, seed } } };
    };
    const runs = () => readdirSync(join(parent, "runs")).sort();

    test("takes a free place, and that of another partial run", () => {
      expect(writeRun(folder, partial(1))).toBe(folder);
      expect(writeRun(folder, partial(2))).toBe(folder);
      expect(readRun(folder).scenario.seed).toBe(2);
      expect(runs()).toEqual(["mesh-30k"]);
    });

    test("goes beside a complete run, and replaces none there either", () => {
      writeRun(folder, exampleRun());
      expect(writeRun(`${folder}/`, partial(1))).toBe(`${folder}-partial`);
      expect(writeRun(folder, partial(2))).toBe(`${folder}-partial`);
      expect(readRun(`${folder}-partial`).scenario.seed).toBe(2);
      writeRun(`${folder}-partial`, exampleRun());
      expect(writeRun(folder, partial(3))).toBe(`${folder}-partial-2`);
      expect(runs()).toEqual(["mesh-30k", "mesh-30k-partial", "mesh-30k-partial-2"]);
      expect([readRun(folder).partial, readRun(`${folder}-partial`).partial]).toEqual([false, false]);
    });

    test("goes beside what cannot be read as a run: it may be a complete one of another version", () => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "results.json"), '{"format": "rehearsal-results/0"}');
      expect(writeRun(folder, partial(1))).toBe(`${folder}-partial`);
      expect(readdirSync(folder)).toEqual(["results.json"]);
    });

    test("gives way to a complete run", () => {
      writeRun(folder, partial(1));
      expect(writeRun(folder, exampleRun())).toBe(folder);
      expect(readRun(folder).partial).toBe(false);
    });
  });

  test("parents that were made for a run that could not be written are gone again", () => {
    const broken = { ...exampleRun(), results: { ...exampleResults(), events: Number.NaN } };
    expect(() => writeRun(join(parent, "a/b/c"), broken)).toThrow();
    expect(readdirSync(parent)).toEqual([]);
  });

  test("a name as long as the file system allows can be written to", () => {
    const long = join(parent, "x".repeat(255));
    writeRun(long, exampleRun());
    writeRun(long, exampleRun());
    expect(readdirSync(long).sort()).toEqual(FILES);
    expect(readdirSync(parent)).toHaveLength(1);
  });

  test("a link to a run stays a link", () => {
    writeRun(folder, exampleRun());
    const latest = join(parent, "latest");
    symlinkSync(folder, latest);
    writeRun(latest, exampleRun());
    expect(existsSync(join(folder, "results.json"))).toBe(true);
    expect(readdirSync(parent).sort()).toEqual(["latest", "runs"]);
  });

  test("a report can be rendered anew from its results", () => {
    writeRun(folder, exampleRun());
    const page = readFileSync(join(folder, "report.html"), "utf8");
    rmSync(join(folder, "report.html"));
    expect(readFileSync(renewReport(folder), "utf8")).toBe(page);
    expect(readdirSync(folder).sort()).toEqual(FILES);
  });
});

describe("reading a run that anybody may have written", () => {
  const write = (text: string) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "results.json"), text);
  };
  const changed = (change: (results: ReturnType<typeof exampleResults>) => void) => {
    const results = exampleResults();
    change(results);
    return JSON.stringify(results);
  };

  test.each<[string, string, RegExp]>([
    ["no JSON", "hello", /results\.json: not valid JSON/],
    ["cut off", changed(() => {}).slice(0, 5000), /results\.json: not valid JSON/],
    ["empty", "", /results\.json: not valid JSON/],
    ["null", "null", /results\.json: .*expected object/],
    [
      "another format",
      changed((results) => Object.assign(results, { format: "k6/2" })),
      /results\.json: format: .*found "k6\/2"/,
    ],
    [
      "a wrong field",
      changed((results) => Object.assign(results.kpis[2]!, { value: "high" })),
      /results\.json: kpis\[2\]\.value: .*expected number.*found "high"/,
    ],
    [
      "a ratio of 7",
      changed((results) => Object.assign(results.cascades[0]!, { hitRate: 7 })),
      /cascades\[0\]\.hitRate: .*found 7/,
    ],
    ["deep nesting", "[".repeat(200_000), /results\.json: /],
  ])("%s gets one clear error", (_, text, message) => {
    write(text);
    expect(() => readRun(folder)).toThrow(RunFileError);
    expect(() => readRun(folder)).toThrow(message);
    try {
      readRun(folder);
    } catch (error) {
      expect((error as Error).message.split("\n")).toHaveLength(1);
    }
  });

  test("a missing folder, a folder in place of the file, a giant", () => {
    expect(() => readRun(folder)).toThrow(/results\.json: not found; expected the folder of a run/);
    mkdirSync(join(folder, "results.json"), { recursive: true });
    expect(() => readRun(folder)).toThrow(/not a plain file/);
    rmSync(folder, { recursive: true });
    write(" ".repeat(128 * 1024 * 1024 + 1));
    expect(() => readRun(folder)).toThrow(/134217729 bytes; expected 134217728 at most/);
  });

  test("keys of no meaning are dropped, and no prototype is touched", () => {
    write(changed(() => {}).replace("{", '{"__proto__": {"polluted": true}, "extra": 1,'));
    expect(readRun(folder)).toEqual(exampleResults());
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("timing that is missing or wrong is no error: it is only left out", () => {
    write(changed(() => {}));
    expect(readTiming(folder)).toBeUndefined();
    writeFileSync(join(folder, "timing.json"), '{"wallS": "long"}');
    expect(readTiming(folder)).toBeUndefined();
  });
});
