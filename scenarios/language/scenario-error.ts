/** What is wrong with a scenario, all of it at once, each problem with its place. */

export interface Problem {
  /** `scenarios/wan.yaml:7:9` or `--set network.loss=2`. */
  readonly place: string;
  /** What was found there, what was expected, and the remedy. */
  readonly message: string;
}

const MOST_SHOWN = 20;

/** A scenario that cannot be run. Its message has a line for each problem; the command line answers with exit code 2. */
export class ScenarioError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.slice(0, MOST_SHOWN).map(({ place, message }) => printable(`${place}: ${message}`));
    if (problems.length > MOST_SHOWN) lines.push(`... and ${problems.length - MOST_SHOWN} more`);
    super(lines.join("\n"));
    this.name = "ScenarioError";
    this.problems = problems;
  }
}

/** What a file says must not break the line, nor steer the terminal. */
function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, "?");
}
