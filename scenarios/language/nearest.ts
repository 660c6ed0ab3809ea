/** Which known name a misspelt one probably stands for. */
import { distance } from "fastest-levenshtein";

/**
 * The candidate with the fewest edits between it and `found`, upper and lower case taken as equal, and two neighbours that
 * changed places as one edit; undefined where even
 * that one takes changing more than a third of the word, which is no misspelling. Of equally near ones, the first.
 */
export function nearest(found: string, candidates: Iterable<string>): string | undefined {
  const wanted = found.toLowerCase();
  let best: string | undefined;
  let bestEdits = Math.floor((found.length + 1) / 3) + 1;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    const edits = isSwap(wanted, known) ? 1 : distance(wanted, known);
    if (edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}

/** Whether two neighbouring letters have changed places, and nothing else. */
function isSwap(one: string, other: string): boolean {
  const at = [...one].findIndex((letter, index) => letter !== other[index]);
  return at >= 0 && one.slice(0, at) + one.charAt(at + 1) + one.charAt(at) + one.slice(at + 2) === other;
}
