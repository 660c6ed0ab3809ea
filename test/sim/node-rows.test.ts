/** Rows of numbers: every use has cells of its own. */
import { describe, expect, it } from "vitest";
import { NodeRows } from "../../sim/node-rows.js";

describe("the rows of all nodes", () => {
  it("set cells aside that no other use has, in every row", () => {
    const rows = new NodeRows(4, 6);
    const columns = [rows.reserve(1), rows.reserve(2), rows.reserve(3)];
    const widths = [1, 2, 3];
    const places = columns.flatMap(({ first, stride }, column) =>
      [0, 1, 2, 3].flatMap((row) => Array.from({ length: widths[column]! }, (_, cell) => row * stride + first + cell)),
    );
    expect(new Set(places).size).toBe(24);
    expect(Math.max(...places)).toBe(23);
  });

  it("refuse more than there is room for", () => {
    const rows = new NodeRows(4, 2);
    rows.reserve(2);
    expect(() => rows.reserve(1)).toThrow("more numbers of a node than there is room for in a row");
  });
});
