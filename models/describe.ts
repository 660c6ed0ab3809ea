/** The world in rows, for people who want to see what is assumed: value, unit, source and meaning of every parameter. */
import type { Tag, WorldParameter } from "./parameter.js";
import type { World } from "./world-shape.js";

interface WorldRow {
  /** What an override calls it; `<region>.<region>` stands for the cells of a table. */
  readonly path: string;
  /** The value in force; for a table, its least and its greatest. */
  readonly value: string;
  readonly unit: string;
  readonly tag: Tag;
  readonly source: string;
  readonly means: string;
  /** Whether an override differs from the data file. */
  readonly overridden: boolean;
}

export interface WorldGroup {
  readonly title: string;
  readonly rows: readonly WorldRow[];
}

const TITLES: readonly (readonly [root: string, title: string])[] = [
  ["regions", "Regions and the distances between them"],
  ["agents", "Agents and coordinators"],
  ["network", "Links"],
  ["coldStarts", "Cold starts"],
  ["people", "People"],
  ["hosts", "Hosts"],
  ["clocks", "Clocks"],
  ["platforms", "Platforms"],
  ["faults", "Faults"],
];

/** Every parameter, in the order of the data files; each table is one row. */
export function describeWorld(world: World): readonly WorldGroup[] {
  return TITLES.map(([root, title]) => {
    const ofRoot = world.parameters.filter(({ path }) => path.startsWith(`${root}.`));
    const single = ofRoot.filter(({ table }) => table === undefined);
    const tables = [...new Set(ofRoot.flatMap(({ table }) => table ?? []))];
    const rows = [
      ...tables.map((table) =>
        tableRow(
          world,
          table,
          ofRoot.filter((cell) => cell.table === table),
        ),
      ),
      ...single.map((parameter) => ({
        ...shared(parameter),
        path: parameter.path,
        value: `${parameter.value}`,
        overridden: world.overridden.includes(parameter.path),
      })),
    ];
    return { title, rows };
  });
}

function tableRow(world: World, table: string, cells: readonly WorldParameter[]): WorldRow {
  const values = cells.map(({ value }) => value);
  return {
    ...shared(cells[0]!),
    path: `${table}.<region>.<region>`,
    value: `${Math.min(...values)} .. ${Math.max(...values)}`,
    overridden: cells.some(({ path }) => world.overridden.includes(path)),
  };
}

function shared({
  unit,
  tag,
  source,
  means,
  note,
}: WorldParameter): Pick<WorldRow, "unit" | "tag" | "source" | "means"> {
  return { unit, tag, source, means: note === undefined ? means : `${means} ${note}` };
}
