/**
 * One YAML document read with care: plain values only, and the place of every one of them. Tags, anchors and aliases are
 * refused, so that a value is what it looks like, an override changes it in one place, and no file grows when it is read.
 */
import { type Document, LineCounter, parseDocument } from "yaml";
import type { Problem } from "./scenario-error.js";
import { YamlPlaces } from "./yaml-places.js";
import { refusals } from "./yaml-refusals.js";

export class YamlSource {
  /** What is wrong with the text as YAML. `value` must not be read unless this is empty. */
  readonly problems: readonly Problem[];
  private readonly document: Document;
  private readonly lines = new LineCounter();

  /**
   * @param text the whole file
   * @param origin what positions are given in: the file's name
   */
  constructor(
    private readonly text: string,
    private readonly origin: string,
  ) {
    this.document = parseDocument(text, {
      lineCounter: this.lines,
      logLevel: "error",
      prettyErrors: false,
      stringKeys: true,
      merge: false,
      resolveKnownTags: false,
      // Whatever version the file declares: under YAML 1.1, `no` would be false and `1:30` ninety.
      schema: "core",
      // Repeated keys are looked for in yaml-refusals.ts: here it would take half a minute for a megabyte of keys.
      uniqueKeys: false,
    });
    this.problems = this.check();
  }

  /** The document as plain data; null where the file holds nothing but comments. */
  get value(): unknown {
    return this.document.toJS({ maxAliasCount: 0 });
  }

  /** Where everything in the document stands. */
  get places(): YamlPlaces {
    return new YamlPlaces(this.document.contents);
  }

  /** `file:line:column` */
  placeOf(offset: number): string {
    const { line, col } = this.lines.linePos(offset);
    return `${this.origin}:${line}:${col}`;
  }

  /** One problem for each line: what follows the first on a line is mostly its echo. */
  private check(): Problem[] {
    const { errors, warnings } = this.document;
    const found = [...errors, ...warnings].map(({ code, message, pos: [offset] }) => ({
      offset,
      message: this.explain(code, message, offset),
    }));
    if (found.length === 0) found.push(...refusals(this.document));
    const byLine = new Map<number, Problem>();
    for (const { offset, message } of found.sort((a, b) => a.offset - b.offset)) {
      const { line } = this.lines.linePos(offset);
      if (!byLine.has(line)) byLine.set(line, { place: this.placeOf(offset), message });
    }
    return [...byLine.values()];
  }

  private explain(code: string, message: string, offset: number): string {
    if (code === "RESOURCE_EXHAUSTION")
      return "maps or lists are nested too deeply; a scenario has five levels at most";
    if (code === "MULTIPLE_DOCS")
      return "a second document begins; a file holds one scenario (give it a file of its own)";
    if (code === "TAG_RESOLVE_FAILED") {
      const tag = /^[^\s,\]}]+/.exec(this.text.slice(offset))?.[0];
      return `${tag} is a tag; a scenario has plain values only (remove it)`;
    }
    const lineStart = this.text.lastIndexOf("\n", offset - 1) + 1;
    const line = this.text.slice(lineStart).split(/\r?\n/, 1)[0]!;
    const unquoted = /:\s+(>=[^#,}\]]*[^#,}\]\s])/.exec(line)?.[1];
    if (unquoted !== undefined) return `a value that begins with > needs quotes in YAML; write "${unquoted}"`;
    return `this is not YAML: ${message.replace(/\s+/g, " ")}`;
  }
}
