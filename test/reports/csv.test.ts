import { expect, test } from "vitest";
import { agentsCsv, seriesCsv } from "../../reports/csv.js";
import { exampleRun } from "./fixture.js";

const table = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));

test("series.csv has a row for each second and headers with units", () => {
  const [head, first, ...rest] = table(seriesCsv(exampleRun().series));
  expect(head).toContain("sent_messages");
  expect(first![head!.indexOf("second_s")]).toBe("60");
  expect(first![head!.indexOf("measured")]).toBe("true");
  expect(first![head!.indexOf("hit_agents")]).toBe("27400");
  expect(rest).toHaveLength(1);
});

test("agents.csv keeps numbers as they are, negative ones too", () => {
  const [head, first] = table(agentsCsv(exampleRun().agents));
  expect(first![head!.indexOf("latency_ms")]).toBe("-1.25");
  expect(first![head!.indexOf("agent")]).toBe("s03/c017/a05");
});

test("no rows leave the header alone", () => {
  expect(table(agentsCsv([]))).toHaveLength(1);
});

test("separators and quotes survive, and nothing becomes a formula", () => {
  const [agent] = exampleRun().agents;
  const text = agentsCsv([{ ...agent!, agent: '=HYPERLINK("x")', region: "a,b" }]);
  expect(text).toContain(`"'=HYPERLINK(""x"")"`);
  expect(text).toContain('"a,b"');
});
