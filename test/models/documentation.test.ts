import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeWorld } from "../../models/describe.js";
import { loadWorld } from "../../models/world.js";

describe("docs/models.md", () => {
  const page = readFileSync(new URL("../../docs/models.md", import.meta.url), "utf8");
  const rows = describeWorld(loadWorld({})).flatMap((group) => group.rows);

  it.each(rows.map((row) => [row.path, row] as const))("gives %s as the data files have it", (path, row) => {
    expect(page).toContain(`| \`${path}\` | ${row.value} | ${row.unit} | ${row.tag} | ${row.source} |`);
  });

  it("lists no parameter that does not exist", () => {
    const listed = [...page.matchAll(/^\| `([a-zA-Z]+\.[^`]+)` \|/gm)].map((match) => match[1]);
    expect(listed.filter((path) => !rows.some((row) => row.path === path))).toEqual([]);
    expect(listed).toHaveLength(rows.length);
  });
});
