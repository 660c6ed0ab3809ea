/**
 * Throws where something does not hold that cannot fail to hold in a sound program. As `node:assert`, whose function
 * gathers its arguments anew at every call: PHOLD of 30,000 is about 4 % faster without.
 */
export function ensure(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}
