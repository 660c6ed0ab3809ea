/** Something is wrong with a run's folder or one of its files: where, what was found, and what to do. Its message is for the user. */
export class RunFileError extends Error {
  override readonly name = "RunFileError";
}
