/** Something is wrong with a run's folder or one of its files: where, what was found, and what to do. Its message is for the user. */
import { oneLine } from "./format.js";

export class RunFileError extends Error {
  override readonly name = "RunFileError";

  /** @param message is kept to one line, whatever the name of a file holds */
  constructor(message: string) {
    super(oneLine(message));
  }
}

/**
 * What to throw on for an error that was caught around the file system: a RunFileError where the system refused something, since
 * a full disk or a missing permission is the user's to mend; anything else as it is.
 * @param what such as `runs/a cannot be made`
 */
export function fromSystem(error: unknown, what: string, remedy: string): unknown {
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  // "ENOSPC: no space left on device, write": which call it was, and on which of our own files, says nothing to the user.
  const [reason] = error.message.split(", ");
  return new RunFileError(`${what}: ${reason}; ${remedy}`);
}
