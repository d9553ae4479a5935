import * as v from 'valibot';
import { parseScope } from '../../functions/oauth/scope.ts';
import { RegistryError } from '../registry-error.ts';
import {
  clientIdPattern,
  lifetimes,
  longestResource,
  parseClientId,
  parseLifetime,
  parseResource,
} from '../rules.ts';

/** The values that members of a declaration have, with what is said of one that is no such value. */

/** A text. */
export const text = v.string('must be a text');
/** True or false. */
export const flag = v.boolean('must be true or false');

/** A text by one of the registry's rules, which says what is wrong. What comes behind it in a pipe is for editors. */
export const byRule = (rule: (text: string) => unknown) =>
  v.rawCheck<string>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const message = refusal(() => rule(dataset.value));
    if (message !== undefined) addIssue({ message });
  });

/** What a rule of the registry says against something; undefined: nothing. */
export function refusal(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof RegistryError) return error.message;
    throw error;
  }
}

/** A client_id that an administrator may choose. */
export const clientId = v.pipe(text, byRule(parseClientId), v.regex(clientIdPattern));
/** The identifier of a resource server. */
export const resource = v.pipe(text, byRule(parseResource), v.maxLength(longestResource));
/** Scope-tokens with spaces between; none: tokens without scope. */
export const scope = v.pipe(text, byRule(checkScope), v.maxLength(2048));
/** Seconds that tokens live. */
export const lifetime = v.pipe(
  v.number('must be a number of seconds'),
  v.rawCheck(({ dataset, addIssue }) => {
    const message = dataset.typed && refusal(() => parseLifetime(String(dataset.value)));
    if (message) addIssue({ message });
  }),
  v.integer(),
  v.minValue(lifetimes.least),
  v.maxValue(lifetimes.most),
);

/** A scope, which may be empty: such a grant is for tokens without scope. */
function checkScope(written: string): void {
  try {
    if (written !== '') parseScope(written);
  } catch {
    throw new RegistryError(
      'input',
      'a scope is words parted by one space, of visible ASCII characters but " and \\, and of 2048 characters at most',
    );
  }
}

/** Claims by name; checkClaims looks closer. */
export const claims = v.looseObject({}, 'must be an object: claim -> value');

/** What is said of grants that are no object. */
export const grantsRule = 'must be an object: resource server -> scope';
