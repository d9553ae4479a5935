/**
 * The name that takes the fewest edits (insert, delete, replace; case aside) for its length to come
 * from `word`; none when more than six letters in ten would change.
 */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const [nearest] = names
    .map((name) => ({ name, change: editDistance(word, name) / name.length }))
    .filter(({ change }) => change <= 0.6)
    .toSorted((a, b) => a.change - b.change);
  return nearest?.name;
}

/** Levenshtein distance, one row of its table after the other. */
function editDistance(from: string, to: string): number {
  const target = [...to.toLowerCase()];
  const start = [0, ...target.map((_, index) => index + 1)];
  const end = [...from.toLowerCase()].reduce(
    (above, letter) => nextRow(above, letter, target),
    start,
  );
  return end.at(-1) ?? 0;
}

function nextRow(above: readonly number[], letter: string, target: readonly string[]): number[] {
  const [corner = 0] = above;
  const row = [corner + 1];
  for (const [index, other] of target.entries()) {
    const replace = at(above, index) + (letter === other ? 0 : 1);
    row.push(Math.min(at(row, index) + 1, at(above, index + 1) + 1, replace));
  }
  return row;
}

const at = (row: readonly number[], index: number): number => row[index] ?? 0;
