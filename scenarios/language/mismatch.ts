/** How a refused value is told: what was found, what was expected instead, and what may have been meant. */

/** What a reader of values answers for one that it cannot take. */
export class Mismatch {
  /**
   * @param expected completes "expected ..."
   * @param meant the value that was probably meant, as it would be written
   */
  constructor(
    readonly expected: string,
    readonly meant?: string,
  ) {}
}

/** Completes a sentence that begins with the value's path: `is 1.5; expected a ratio from 0 to 1 (did you mean 1.5 %?)`. */
export function tell(found: unknown, { expected, meant }: Mismatch): string {
  const remedy = meant === undefined ? "" : ` (did you mean ${meant}?)`;
  return `is ${show(found)}; expected ${expected}${remedy}`;
}

const LONGEST_SHOWN = 60;

/** A value as it stands in the file, short enough for a line. */
export function show(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const text = String(value).trim().replace(/\s+/g, " ");
  if (text === "") return "empty";
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}...`;
}

/** `wave, parallel or priority_first`. */
export function alternatives(values: readonly string[]): string {
  if (values.length < 2) return values.join("");
  return `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}
