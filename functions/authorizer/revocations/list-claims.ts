import type { Revoked } from '../../oauth/revoked.ts';
import { decodeStatusList } from '../../oauth/status-list.ts';
import type { Claims } from '../claims.ts';

/** Whose list is meant, and when. */
export interface ListExpectation {
  readonly issuer: string;
  /** Its own URL. */
  readonly url: string;
  /** NumericDate. */
  readonly now: number;
}

/** What a revocation list says. */
export interface RevocationList {
  /** NumericDate. */
  readonly iat: number;
  /** NumericDate. */
  readonly exp: number;
  readonly revoked: Revoked;
}

/** Seconds by which the clocks of issuer and authorizer may differ, where that prolongs a list. */
const expTolerance = 5;
/** The same where it does not: the next list may not be older. */
const iatTolerance = 60;

/**
 * Reads the claims of a revocation list whose signature is verified.
 * @throws Error when it is not for here and now, or any member is missing or not what it should be
 */
export function parseListClaims(claims: Claims, expected: ListExpectation): RevocationList {
  if (claims.iss !== expected.issuer) throw new Error('it is of another issuer');
  if (claims.sub !== expected.url) throw new Error('it is about something else');
  const [iat, exp] = [time(claims.iat, 'iat'), time(claims.exp, 'exp')];
  if (isOver(exp, expected.now)) throw new Error('it has expired');
  if (iat > expected.now + iatTolerance) throw new Error('it is from the future');
  return { iat, exp, revoked: revokedBy(claims) };
}

/** Whether a list with this `exp` may no longer be taken for the current one. */
export const isOver = (exp: number, now: number): boolean => exp <= now - expTolerance;

const revokedBy = (claims: Claims): Revoked => ({
  clients: mapOf(claims, 'clients', time),
  resources: mapOf(claims, 'resources', time),
  keys: setOf(claims, 'keys'),
  tokens: setOf(claims, 'tokens'),
  statusLists: mapOf(claims, 'status_lists', statusList),
});

function statusList(value: unknown, name: string): Uint8Array {
  const { bits, lst } = members(value, name);
  if (bits !== 1 || typeof lst !== 'string') return malformed(name);
  return decodeStatusList({ bits, lst });
}

/** Reads a member whose own members have any names whatever, such as those of prototypes. */
function mapOf<Value>(
  claims: Claims,
  name: string,
  parse: (value: unknown, name: string) => Value,
): ReadonlyMap<string, Value> {
  const entries = Object.entries(members(claims[name], name));
  return new Map(entries.map(([id, value]) => [id, parse(value, name)]));
}

function setOf(claims: Claims, name: string): ReadonlySet<string> {
  const value = claims[name];
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'string');
  return isList ? new Set(value) : malformed(name);
}

const members = (value: unknown, name: string): Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Claims)
    : malformed(name);

// JSON.parse reads 1e999 as Infinity.
const time = (value: unknown, name: string): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : malformed(name);

function malformed(name: string): never {
  throw new Error(`it has no ${name}, or a malformed one`);
}
