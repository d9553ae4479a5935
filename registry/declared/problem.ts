/** Where in a declaration: names and numbers of members. The id of a client or resource server may stand for its number. */
export type Path = readonly (string | number)[];

/** Why a part of a declaration cannot be had. */
export interface Problem {
  /** For people: `clients[3].grants`. */
  readonly place: string;
  readonly path: Path;
  /** The rule. */
  readonly sentence: string;
}

/** Makes a problem. */
export const problem = (path: Path, sentence: string): Problem => ({
  place: placeOf(path),
  path,
  sentence,
});

/** Writes a path as people read it. */
export function placeOf(path: Path): string {
  const step = (name: string | number) =>
    typeof name === 'string' && /^[\w$]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  return path.map(step).join('').replace(/^\./, '') || 'the whole';
}
