/** One parameter of the world as the data files keep it: a number, what it means, and where it comes from. */
import { z } from "zod";

/** Where a figure comes from. Everything tagged G, a guess, is there to be swept. */
const TAGS = {
  M: "measured",
  P: "paper",
  V: "vendor, or a project's own documentation or default",
  S: "quoted from another document, which gives no measurement",
  D: "derived from sources",
  G: "guess",
} as const;

export type Tag = keyof typeof TAGS;

const origin = {
  unit: z.string().min(1),
  means: z.string().min(1),
  source: z.string().min(1),
  tag: z.enum(Object.keys(TAGS) as Tag[]),
  min: z.number().optional(),
  max: z.number().optional(),
  integer: z.boolean().optional(),
  note: z.string().optional(),
};

/** A parameter in a data file. */
export const leafSchema = z.strictObject({ value: z.number(), ...origin });

/** A family of parameters that differ in nothing but their value: `table.row.column`. */
export const tableSchema = z.strictObject({
  table: z.record(z.string(), z.record(z.string(), z.number())),
  ...origin,
});

export interface WorldParameter {
  /** Dotted, beginning with the data file's name: `agents.D.withinShare`. */
  readonly path: string;
  readonly value: number;
  readonly unit: string;
  readonly means: string;
  readonly source: string;
  readonly tag: Tag;
  /** Inclusive. */
  readonly min: number;
  /** Inclusive; infinite where nothing bounds it. */
  readonly max: number;
  /** Whether only whole numbers make sense. */
  readonly integer: boolean;
  readonly note?: string;
  /** Of a parameter that is one cell of a table: the table's own path. */
  readonly table?: string;
}

/** Why a value cannot be a parameter's, in words that complete "expected ..."; undefined if it can. */
export function expectation(parameter: WorldParameter, value: number): string | undefined {
  const { min, max, integer } = parameter;
  if (Number.isFinite(value) && value >= min && value <= max && (!integer || Number.isInteger(value))) return undefined;
  const kind = integer ? "a whole number" : parameter.unit === "ratio" ? "a ratio" : "a number";
  return max === Number.POSITIVE_INFINITY ? `${kind} of at least ${min}` : `${kind} from ${min} to ${max}`;
}
