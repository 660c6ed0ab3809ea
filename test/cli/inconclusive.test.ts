/**
 * A run whose faults never took effect, or that ends before the mesh can have come back, ends with 4: after a violated invariant,
 * before a missed threshold.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { build, freshFolder, rehearse, SHORT, SMALL } from "./command.js";

beforeAll(build);

/** A hundred machines for a minute and a half: one fails in two of a million runs. */
const TOO_RARE = ["--set", "faults=[{ name: too-rare, failures: { mtbf: 1000000 h } }]"];
const HARMFUL = ["--set", "faults=[{ wrongContext: { class: A, count: one } }]"];
const MISSED = ["--set", "thresholds.cascadeLatencyP95=<= 1 ms"];

it("exits with 4 and says which, also when its report is rendered again", () => {
  const cwd = freshFolder();
  const { code, out, err } = rehearse(cwd, "run", SMALL, ...SHORT, ...TOO_RARE, "--out", "r");
  expect({ code, err }).toEqual({ code: 4, err: "" });
  expect(out).toMatch(/INCONCLUSIVE never took effect: too-rare/);
  expect(rehearse(cwd, "report", "r").code).toBe(4);
});

it("goes before a missed threshold", () => {
  const cwd = freshFolder();
  expect(rehearse(cwd, "run", SMALL, ...SHORT, ...MISSED).code).toBe(1);
  expect(rehearse(cwd, "run", SMALL, ...SHORT, ...MISSED, ...TOO_RARE).code).toBe(4);
});

describe("a run that ends before a mesh that is not whole had the time to come back", () => {
  // A coordinator is without a successor for as long as its lease lasts, 30 s.
  const TOO_SOON = ["--set", "faults=[{ crash: { role: coordinator, count: one }, at: 65 s }]"];

  it("ends with 4 and says what is stuck, also when its report is rendered again", () => {
    const cwd = freshFolder();
    const { code, out, err } = rehearse(cwd, "run", SMALL, ...SHORT, ...TOO_SOON, "--out", "r");
    expect({ code, err }).toEqual({ code: 4, err: "" });
    expect(out).toMatch(/liveness +not back when the run ended: S\d: nobody is in office/);
    expect(out).toMatch(/INCONCLUSIVE the run ended within 5 min of the last fault/);
    expect(rehearse(cwd, "report", "r").code).toBe(4);
  });

  it("does not, where nobody asks for it", () => {
    const ignored = ["--set", "thresholds.healingTime=ignore"];
    expect(rehearse(freshFolder(), "run", SMALL, ...SHORT, ...TOO_SOON, ...ignored).code).toBeLessThan(2);
  });
});

it("is not what a run ends with whose fault took effect", () => {
  expect(rehearse(freshFolder(), "run", SMALL, ...SHORT, ...HARMFUL).code).toBeLessThan(2);
});

it("a fault that the mesh cannot have is found by validate, with its place", () => {
  const { code, err } = rehearse(freshFolder(), "validate", SMALL, "--set", "faults=[{ crash: { sector: 3 } }]");
  expect(code).toBe(2);
  expect(err).toContain("faults[0].crash.sector is 3; expected a sector from 1 to 2");
});
