/** Data as charts get it. */
export type Cell = number | string | null;

/** Rows without their field names, which the page puts back. */
export interface DataTable {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}
