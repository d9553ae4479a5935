import { isSecureUrl } from '../../oauth/secure-url.ts';
import type { Staleness } from './cached-revocations.ts';
import type { RevocationCheckEnvironment } from './environment.ts';

/** Reads one variable of the environment. */
export type RevocationCheckVariable = (name: keyof RevocationCheckEnvironment) => string;

/** Where what was taken back is told: the URL of a list, or the name of a table. */
export type RevocationSource = { readonly list: string } | { readonly table: string };

/**
 * Reads REVOCATION_LIST, and REVOCATIONS_TABLE where that says so.
 * @returns undefined when nobody is to be asked
 * @throws Error when either makes no sense
 */
export function revocationSource(variable: RevocationCheckVariable): RevocationSource | undefined {
  const list = variable('REVOCATION_LIST');
  if (list === 'none') return undefined;
  if (list === 'table') return { table: tableName(variable('REVOCATIONS_TABLE')) };
  const url = URL.parse(list);
  if (url !== null && isSecureUrl(url) && !/[?#]/.test(list)) return { list };
  throw new Error(`REVOCATION_LIST is "${list}", which is no https URL without query and fragment`);
}

/** @throws Error when a time is none, or it is not known what comes of a stale list */
export function staleness(variable: RevocationCheckVariable): Staleness {
  const onStale = variable('ON_STALE_REVOCATIONS');
  if (onStale !== 'refuse' && onStale !== 'allow') {
    throw new Error(`ON_STALE_REVOCATIONS is "${onStale}", which is neither refuse nor allow`);
  }
  return {
    maxAge: milliseconds(variable, 'REVOCATION_MAX_AGE'),
    grace: milliseconds(variable, 'REVOCATION_GRACE'),
    onStale,
  };
}

function tableName(name: string): string {
  if (name !== 'none') return name;
  throw new Error('REVOCATION_LIST is table, and REVOCATIONS_TABLE is none');
}

function milliseconds(
  variable: RevocationCheckVariable,
  name: 'REVOCATION_MAX_AGE' | 'REVOCATION_GRACE',
): number {
  const seconds = variable(name);
  if (/^\d{1,5}$/.test(seconds)) return Number(seconds) * 1000;
  throw new Error(`${name} is "${seconds}", which is no number of seconds`);
}
