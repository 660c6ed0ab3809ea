import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chartsOf } from "../../reports/html/figures.js";
import { reportHtml } from "../../reports/html/page.js";
import type { Results } from "../../scenarios/results.js";
import { chromiumPath, LAUNCH_ARGS, NO_BROWSER } from "./chromium.js";
import { exampleResults } from "./fixture.js";
import { hostileResults, oneClusterResults, sparseResults, stormyResults, wildResults } from "./odd-results.js";

const path = chromiumPath();
const ALL = [
  ...["active-agents", "modes", "incidents", "hit-rate", "arrival-error", "cascade-latency", "impedance"],
  "message-rate",
];
if (path === undefined) process.stderr.write(`report.html in a browser: skipped, ${NO_BROWSER}\n`);

describe.skipIf(path === undefined)("report.html in a browser", () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "rehearsal-browser-"));
    browser = await chromium.launch({ executablePath: path!, args: LAUNCH_ARGS });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the report from the disk, waits for its charts, and hands over the page with all that went wrong in it. */
  async function open(results: Results, colorScheme: "light" | "dark" = "light", width = 1200) {
    const file = join(folder, "report.html");
    writeFileSync(file, reportHtml(results));
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
    const wrong: string[] = [];
    page.on("console", (message) => wrong.push(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => wrong.push(`dialog: ${dialog.message()}`));
    page.on("requestfailed", (request) => wrong.push(`failed request: ${request.url()}`));
    page.on("request", (request) => {
      if (request.url() !== pathToFileURL(file).href) wrong.push(`request: ${request.url()}`);
    });
    await page.addInitScript(
      `addEventListener("securitypolicyviolation", (event) => console.error("CSP " + event.violatedDirective))`,
    );
    await page.goto(pathToFileURL(file).href);
    await page.locator("html[data-drawn]").waitFor({ timeout: 30_000 });
    return { page, wrong };
  }

  /** Points at the middle of the nth mark of a kind and says what the tooltip says. */
  async function tooltipAt(page: Page, selector: string, nth: number): Promise<string> {
    const mark = page.locator(selector).nth(nth);
    await mark.scrollIntoViewIfNeeded();
    const box = (await mark.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2 - 1, box.y + box.height / 2);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.locator("#tip:not([hidden])").waitFor({ timeout: 5_000 });
    return (await page.locator("#tip").textContent()) ?? "";
  }

  test.each(["light", "dark"] as const)("every chart draws its marks, %s", async (theme) => {
    const results = exampleResults();
    const { page, wrong } = await open(results, theme);
    const charts = chartsOf(results);
    expect(charts.map(({ id }) => id)).toEqual([
      "active-agents",
      "modes",
      "incidents",
      "hit-rate",
      "arrival-error",
      "cascade-latency",
      "impedance",
      "message-rate",
    ]);
    for (const chart of charts) {
      const figure = page.locator(`#${chart.id}`);
      expect(await figure.locator("h3").textContent()).toBe(chart.title);
      expect(await figure.locator("svg").count(), chart.id).toBe(chart.panels.length);
      for (const svg of await figure.locator("svg").all()) {
        const marks = await svg.locator(".mark-symbol path, .mark-rect path, .mark-line path, .mark-area path").count();
        expect(marks, chart.id).toBeGreaterThan(0);
        expect(await svg.locator(".role-axis-title text").first().textContent()).toMatch(
          /\(m?s\)|hit rate|messages\/s|active agents/,
        );
        const { width } = (await svg.boundingBox())!;
        expect(width, chart.id).toBeGreaterThan(250);
      }
    }
    expect(await page.locator("#arrival-error .mark-symbol.role-mark path").count()).toBeGreaterThanOrEqual(2400);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test("tooltips follow the pointer in every chart", async () => {
    const { page, wrong } = await open(exampleResults());
    expect(await tooltipAt(page, "#hit-rate .mark-symbol.role-mark path", 40)).toMatch(
      /cascade at \(s\)[\s\S]*A edge\s*\d\d\.\d\d%/,
    );
    expect(await tooltipAt(page, "#arrival-error .mark-symbol.role-mark path", 10)).toMatch(/error \(ms\)\s*[+−]\d/);
    expect(await tooltipAt(page, "#cascade-latency .mark-rect.role-mark path", 6)).toMatch(/at sectors[\s\S]*share/);
    expect(await tooltipAt(page, "#impedance .mark-rect.role-mark path", 2)).toMatch(/A edge[\s\S]*count/);
    expect(await tooltipAt(page, "#message-rate .mark-area.role-mark path", 0)).toMatch(/HEARTBEAT\s*\d,\d{3}/);
    await page.mouse.move(0, 0);
    await page.locator("#tip").waitFor({ state: "hidden" });
    expect(wrong).toEqual([]);
    await page.close();
  });

  test("the theme follows the system, and the button turns it, charts included", async () => {
    const { page, wrong } = await open(exampleResults(), "dark");
    const colours = () =>
      page.evaluate<string[]>(`[
        getComputedStyle(document.body).backgroundColor,
        getComputedStyle(document.querySelector("#hit-rate .role-axis-label text")).fill,
      ]`);
    const dark = await colours();
    await page.getByRole("button", { name: "Light theme" }).click();
    const light = await colours();
    expect(dark[0]).toBe("rgb(20, 23, 26)");
    expect(light[0]).toBe("rgb(255, 255, 255)");
    expect(light[1]).not.toBe(dark[1]);
    await page.getByRole("button", { name: "Dark theme" }).click();
    expect(await colours()).toEqual(dark);
    await page.emulateMedia({ media: "print" });
    expect(await colours()).toEqual(light);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test("choosing a class in the legend dims the others", async () => {
    const { page, wrong } = await open(exampleResults());
    const dimmed = page.locator(
      "#hit-rate .mark-symbol.role-mark path[opacity='0.12'], #hit-rate .mark-symbol.role-mark path[style*='0.12']",
    );
    expect(await dimmed.count()).toBe(0);
    await page.locator("#hit-rate .key", { hasText: "B serverless" }).click();
    await expect.poll(() => dimmed.count()).toBe(30 * 5);
    await page.locator("#hit-rate .key", { hasText: "B serverless" }).click();
    await expect.poll(() => dimmed.count()).toBe(0);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test("a narrow page does not scroll sideways", async () => {
    const { page, wrong } = await open(exampleResults(), "light", 390);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test.each([
    ["a run with nothing in it", sparseResults, ["cascade-latency", "impedance"]],
    ["figures far off", wildResults, ALL],
    ["names meant to break out", hostileResults, ALL],
    ["thousands of spells and incidents", stormyResults, ALL],
  ] as const)("survives %s", async (_, make, ids) => {
    const { page, wrong } = await open(make());
    for (const id of ids) expect(await page.locator(`#${id} svg`).count(), id).toBeGreaterThan(0);
    expect(await page.locator("figure:not(#map)").count()).toBe(ids.length);
    expect(await page.locator("main img, main script").count()).toBe(0);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test("the slider moves the map through time, and its squares say what they are", async () => {
    const { page, wrong } = await open(exampleResults());
    const map = page.locator("#map");
    const letters = () => map.locator(".mesh .cell:not(:empty)").allTextContents();
    const go = async (step: number) => map.locator("input").fill(String(step));
    await go(10);
    expect(await letters()).toEqual([]);
    expect(await map.locator("[data-count='0']").textContent()).toBe("1000");
    expect(await map.locator(".under-way").textContent()).toBe("No fault under way.");
    await go(130);
    // The orchestrator, then S7 with its first three clusters.
    expect(await letters()).toEqual(["2", "D", "N", "X", "B"]);
    expect(await map.locator("[data-count='0']").textContent()).toBe("997");
    expect(await map.locator("output").textContent()).toBe("130 s");
    expect(await map.locator("input").getAttribute("aria-valuetext")).toBe("130 s");
    expect(await map.locator(".under-way").textContent()).toBe("Under way: europe-cut-off");
    expect(await tooltipAt(page, "#map .column:nth-child(7) .cell", 2)).toMatch(/S7-C2 \(class .\)all agents down/);
    await map.locator("[data-do=on]").click();
    expect(await map.locator("output").textContent()).toBe("140 s");
    await map.locator("[data-do=back]").click();
    expect(await map.locator("output").textContent()).toBe("125 s");
    expect(wrong).toEqual([]);
    await page.close();
  });

  test("playing moves the map to the end of the run and stops there", async () => {
    const results = exampleResults();
    const { page, wrong } = await open(results);
    const map = page.locator("#map");
    const { warmUpS, durationS } = results.scenario;
    await map.locator("input").fill(String(warmUpS + durationS - 4));
    await map.locator("[data-do=play]").click();
    expect(await map.locator("[data-do=play]").textContent()).toBe("Stop");
    await expect.poll(() => map.locator("[data-do=play]").textContent(), { timeout: 5_000 }).toBe("Play");
    expect(await map.locator("output").textContent()).toBe(`${warmUpS + durationS - 1} s`);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test("the map opens at the time at which most is amiss", async () => {
    const { page } = await open(exampleResults());
    expect(await page.locator("#map output").textContent()).toBe("125 s");
    await page.close();
  });

  test("a mesh of one cluster has a map of three squares", async () => {
    const { page, wrong } = await open(oneClusterResults(), "dark", 390);
    expect(await page.locator("#map .mesh .cell").count()).toBe(3);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test("tooltips name the faults under way", async () => {
    const { page, wrong } = await open(exampleResults());
    expect(await tooltipAt(page, "#incidents .mark-rect.role-mark path", 2)).toMatch(/incident.*whereorchestrator/);
    expect(await tooltipAt(page, "#active-agents .mark-rect.role-mark path", 0)).toMatch(/faultseurope-cut-off/);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test("hostile names reach the tooltip as text", async () => {
    const { page, wrong } = await open(hostileResults());
    const said = await tooltipAt(page, "#message-rate .mark-area.role-mark path", 0);
    expect(said).toContain("<script>alert(1)</script>");
    expect(said).toContain(`']; alert(1); //`);
    expect(wrong).toEqual([]);
    await page.close();
  });
});
