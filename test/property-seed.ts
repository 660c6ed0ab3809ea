/**
 * Property tests draw the same cases in every run, so that a failure is there again the next time; `npm run test:full`
 * draws new ones (a failing property prints its seed).
 */
import fc from "fast-check";
import { FULL } from "./effort.js";

if (!FULL) fc.configureGlobal({ seed: 30_000 });
