import { parseScope, type Scope } from '../../functions/oauth/scope.ts';
import { isSecureUrl } from '../../functions/oauth/secure-url.ts';
import type { Grants } from '../../registry/grants.ts';
import { parseLifetime, parseResource } from '../../registry/rules.ts';
import { CliError } from '../io/cli-error.ts';

/**
 * Reads scope-tokens parted by one space (RFC 6749 §3.3).
 * @throws CliError
 */
export function scopeValue(text: string): Scope {
  try {
    return parseScope(text);
  } catch {
    throw new CliError(
      'a scope is one or more words parted by one space, of visible ASCII characters but " and \\',
      2,
    );
  }
}

/**
 * Reads `RESOURCE=a b` and adds it to the grants before it; `RESOURCE=` grants no scope.
 * @throws CliError; RegistryError for the resource
 */
export function grantValue(text: string, before: Grants = new Map()): Grants {
  const [, uri, scope] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (uri === undefined) throw new CliError('a grant is written "RESOURCE=scope scope"', 2);
  const resource = parseResource(uri);
  if (before.has(resource)) throw new CliError(`there are two grants for ${resource}`, 2);
  return new Map([...before, [resource, scope ? scopeValue(scope) : new Set<string>()]]);
}

/**
 * Reads a resource and adds it to those before it.
 * @throws RegistryError
 */
export function resourceListValue(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, parseResource(text)];
}

/** The same of an option that can be unsaid: what is given behind that counts. */
export const resourcesValue = (text: string, before: readonly string[] | false = []) =>
  resourceListValue(text, before || []);

/**
 * Reads seconds, or `default`: no lifetime of its own from now on.
 * @throws RegistryError
 */
export function lifetimeOrDefault(text: string): number | 'default' {
  return text === 'default' ? text : parseLifetime(text);
}

const secondsIn: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const tenYears = 3650 * 86_400;

/**
 * Reads a time such as 30d, 12h, 90m or 3600s, in seconds.
 * @throws CliError
 */
export function durationValue(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(amount) * (secondsIn[unit] ?? Number.NaN);
  if (seconds > 0 && seconds <= tenYears) return seconds;
  throw new CliError('a time is written 30d, 12h, 90m or 3600s, and is ten years at most', 2);
}

/**
 * Reads an issuer (RFC 8414 §2): https, or http on this computer.
 * @throws CliError
 */
export function issuerValue(text: string): URL {
  const url = URL.parse(text);
  if (url && isSecureUrl(url) && !/[?#@]/.test(text)) return url;
  throw new CliError(
    'an issuer is an https URL without query and fragment (http only for this computer)',
    2,
  );
}

/** A resource to be registered, and how it was typed. */
export interface NewResource {
  readonly resource: string;
  readonly given: string;
}

/**
 * Reads the identifier of a resource server that is to be registered.
 * @throws RegistryError
 */
export function newResourceValue(text: string): NewResource {
  return { resource: parseResource(text), given: text };
}
