import * as v from 'valibot';
import { isObject, type JsonObject } from '../json-input.ts';
import { nearestName } from '../nearest-name.ts';
import { type Path, type Problem, problem } from './problem.ts';

type Members = Readonly<Record<string, v.GenericSchema>>;

/**
 * Looks whether a value is a record of these members, each by its own rules.
 * @returns all that is wrong; nothing: it is one
 */
export function recordProblems(value: unknown, path: Path, members: Members): readonly Problem[] {
  if (!isObject(value)) return [problem(path, 'must be an object')];
  const { issues = [] } = v.safeParse(v.object(members), value, { abortPipeEarly: true });
  const wrong = issues.map((issue) => problem([...path, ...pathOf(issue)], sentenceOf(issue)));
  return [...unknownMembers(value, path, Object.keys(members)), ...wrong];
}

/** The members that are not known, with the one that was probably meant. */
export function unknownMembers(
  value: JsonObject,
  path: Path,
  known: readonly string[],
): readonly Problem[] {
  const strange = Object.keys(value).filter((name) => !known.includes(name));
  return strange.map((name) => {
    const nearest = nearestName(name, known);
    const hint = nearest === undefined ? `known are ${known.join(', ')}` : `is ${nearest} meant?`;
    return problem([...path, name], `is no member that is known: ${hint}`);
  });
}

const pathOf = ({ path }: v.BaseIssue<unknown>): Path =>
  (path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));

/** valibot's own words are for what it expects of a member that is not there, or has one too many. */
const sentenceOf = ({ input, kind, expected, message }: v.BaseIssue<unknown>): string => {
  if (kind !== 'schema') return message;
  if (input === undefined) return 'is missing';
  return expected === 'never' ? 'is no member that is known' : message;
};
