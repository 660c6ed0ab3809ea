/**
 * What an agent makes of a payload, by its hash: the same for all who do their work right, so that outputs can be held
 * against each other (document 6.1, BYZANTINE_BEHAVIOR). The hash of the payload is an input, so this costs one mixing.
 */

/** Of an answer that has no result: a conflict, or a coordinator's. */
export const NO_RESULT = 0;

/** @param payloadHash as the agent has worked it out from what it received; see `payloadHash` */
export function resultHash(payloadHash: number): number {
  const mixed = Math.imul(payloadHash ^ (payloadHash >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 12)) | 1; // never NO_RESULT
}
