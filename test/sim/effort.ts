/** How much work the tests of the engine may take. */

/** True in `npm run test:full`: more random cases, longer simulations, narrower intervals. */
export const FULL = process.env.REHEARSAL_FULL === "1";
