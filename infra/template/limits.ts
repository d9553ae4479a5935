import type { WholeNumberCheck } from '../settings/setting-checks.ts';
import type { ParameterLimits } from './parameters.ts';
import { whole, wholeNumber } from './patterns.ts';

type Limits = Required<Pick<ParameterLimits, 'allowedPattern' | 'constraintDescription'>>;

/** What a setting's check allows, as patterns; `or` is a word that stands for none. */
export function matching(
  { rule }: { readonly rule: string },
  pattern: string,
  or?: '' | 'none',
): Limits {
  if (or === undefined) return { allowedPattern: whole(pattern), constraintDescription: rule };
  return {
    allowedPattern: whole(or, pattern),
    constraintDescription: `${rule}; or ${or || 'empty'}`,
  };
}

/** The whole numbers that a setting's check allows. */
export const between = (check: WholeNumberCheck, or?: ''): Limits =>
  matching(check, wholeNumber(check), or);

/** What stands between the beginning and the end of a text. */
export const inside = ({ source }: RegExp): string => source.replace(/^\^(.*)\$$/, '$1');
