import type { Problem } from '../declared/problem.ts';
import type { ImportProblem } from './reading.ts';

/** Of what a draft was made. */
interface Origin {
  readonly place: string;
  readonly id: string;
}

/** The problems of a declaration made of drafts, at the places where these were read. */
export const inPlaces = (
  problems: readonly Problem[],
  drafts: readonly Origin[],
): readonly ImportProblem[] =>
  problems.map(({ path: [, index, ...members], sentence }) => ({
    place: drafts[Number(index)]?.place ?? '',
    id: drafts[Number(index)]?.id,
    sentence: [...members.slice(0, 1), sentence].join(': '),
  }));
