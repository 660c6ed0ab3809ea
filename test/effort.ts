/** How much work the tests may take. */

/** True in `npm run test:full`: more random cases, longer simulations, narrower intervals. */
export const FULL = process.env.REHEARSAL_FULL === "1";
