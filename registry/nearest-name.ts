import { distance } from 'fastest-levenshtein';

/**
 * Finds the name that a word was probably meant to be: the fewest edits (insert, delete, replace; case
 * aside) for its length. None where more than six letters in ten would change.
 */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const change = (name: string) => distance(word.toLowerCase(), name.toLowerCase()) / name.length;
  const [nearest] = names
    .map((name) => ({ name, change: change(name) }))
    .filter(({ change }) => change <= 0.6)
    .toSorted((a, b) => a.change - b.change);
  return nearest?.name;
}
