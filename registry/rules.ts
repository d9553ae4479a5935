import { isResourceIdentifier, registeredIdentifier } from '../functions/oauth/resource-server.ts';
import { RegistryError } from './registry-error.ts';

/** What may be registered, as far as it shows without a look into the registry. */

/** Seconds; shorter is useless to a client, longer is not short-lived (RFC 9700 §2.2). */
export const lifetimes = { least: 60, most: 86_400 };

/**
 * Checks a client_id that the administrator chose. The colon of a URI is safe in it, for
 * RFC 6749 §2.3.1 form-encodes both halves of Basic credentials.
 * @throws RegistryError
 */
export function parseClientId(text: string): string {
  if (isClientId(text)) return text;
  throw new RegistryError(
    'input',
    'a client_id is 1 to 200 of A-Z a-z 0-9 . _ ~ : / @ - and does not begin with a hyphen',
  );
}

/** What a client_id looks like that an administrator may choose. */
export const clientIdPattern = /^[A-Za-z0-9._~:/@][A-Za-z0-9._~:/@-]{0,199}$/;

/** Whether an administrator may choose this client_id. */
export const isClientId = (text: string): boolean => clientIdPattern.test(text);

/** Characters that a client_name may have. */
export const longestClientName = 200;

/**
 * Checks a client_name: what people see in lists and logs.
 * @throws RegistryError
 */
export function parseClientName(text: string): string {
  const printable = !/[\p{C}\p{Zl}\p{Zp}]/u.test(text) && text.trim() === text;
  if (printable && text !== '' && [...text].length <= longestClientName) return text;
  throw new RegistryError(
    'input',
    `a client_name is 1 to ${longestClientName} printable characters, without space at either end`,
  );
}

/**
 * Reads the seconds that an access token lives.
 * @throws RegistryError
 */
export function parseLifetime(text: string): number {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= lifetimes.least && seconds <= lifetimes.most) return seconds;
  throw new RegistryError(
    'input',
    `a token lifetime is a whole number of seconds from ${lifetimes.least} to ${lifetimes.most}`,
  );
}

/**
 * Reads the identifier of a resource server (RFC 8707 §2) and brings it into the form in which it is
 * registered.
 * @throws RegistryError
 */
export function parseResource(text: string): string {
  const [, broken] = resourceRules.find(([rule]) => !rule(text)) ?? [];
  if (broken) throw new RegistryError('input', broken);
  return registeredIdentifier(text);
}

/** Characters that the identifier of a resource server may have. */
export const longestResource = 500;

const resourceRules: readonly (readonly [(text: string) => boolean, string])[] = [
  [(text) => !text.includes('#'), 'a resource must not have a fragment (#...)'],
  [
    isResourceIdentifier,
    'a resource must be an absolute URI, such as https://api.example.com/orders',
  ],
  [
    (text) => !text.includes('?'),
    'a resource must not have a query (?...), see RFC 8707 section 2',
  ],
  [
    (text) => !text.includes('='),
    "a resource must not hold an equals sign, which parts resource and scope in a grant: write '%3D'",
  ],
  [(text) => !/^[^:]+:\/\/[^/]*@/.test(text), 'a resource must not hold a user name or a password'],
  [
    (text) => text.length <= longestResource,
    `a resource must not be longer than ${longestResource} characters`,
  ],
];
