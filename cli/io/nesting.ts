/** Levels of lists and objects that a file may have: no record has nearly as many, and whoever goes through them has room for these. */
const deepest = 100;

/** Whether lists and objects stand in each other more deeply than any record does, or in themselves. */
export function isTooDeep(value: unknown): boolean {
  let level = new Set([value]);
  for (let depth = 0; depth <= deepest; depth += 1) {
    level = new Set([...level].flatMap((one) => (isHolder(one) ? Object.values(one) : [])));
    if (level.size === 0) return false;
  }
  return true;
}

const isHolder = (value: unknown): value is object => typeof value === 'object' && value !== null;
