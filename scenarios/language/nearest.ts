/** Which known name a misspelt one probably stands for. */
import { distance } from "fastest-levenshtein";

/**
 * The candidate with the fewest edits between it and `found`, upper and lower case taken as equal; undefined where even
 * that one takes changing more than a third of the word, which is no misspelling. Of equally near ones, the first.
 */
export function nearest(found: string, candidates: Iterable<string>): string | undefined {
  const wanted = found.toLowerCase();
  let best: string | undefined;
  let bestEdits = Math.floor((found.length + 1) / 3) + 1;
  for (const candidate of candidates) {
    const edits = distance(wanted, candidate.toLowerCase());
    if (edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}
