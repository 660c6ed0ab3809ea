/**
 * The libraries that draw the charts in the page, as the text of one script: Vega and the interpreter of its expressions, which
 * needs no `eval`. Read from the installed packages.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** Defines `vega` and `vegaInterpreter` in the page. */
export function runtimeScript(): string {
  const vega = dirname(require.resolve("vega"));
  const script = [
    `/*! Vega and the Vega interpreter, under this licence:\n${readFileSync(join(vega, "../LICENSE"), "utf8")}*/`,
    withoutSourceMap(readFileSync(join(vega, "vega.min.js"), "utf8")),
    interpreter(readFileSync(require.resolve("vega-interpreter"), "utf8")),
  ].join("\n");
  if (/<\/script|<!--|\r/i.test(script))
    throw new Error("the Vega build cannot be embedded: it holds </script, <!-- or a CR");
  return script;
}

/** The interpreter comes as an ES module only; in the page it takes what it imports from the global `vega`. */
function interpreter(module: string): string {
  const imported = /^import \{([^}]+)\} from 'vega-util';$/m;
  const exported = /^export \{ expression as expressionInterpreter \};$/m;
  if (!imported.test(module) || !exported.test(module)) {
    throw new Error("vega-interpreter is not laid out as expected: its import or its export has changed");
  }
  const body = withoutSourceMap(module)
    .replace(imported, "const {$1} = vega;")
    .replace(exported, "globalThis.vegaInterpreter = expression;");
  return `(() => {\n${body}\n})();`;
}

function withoutSourceMap(text: string): string {
  return text.replace(/\/\/# sourceMappingURL=.*$/m, "");
}
