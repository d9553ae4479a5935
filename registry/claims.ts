import { claimsProblem } from '../functions/oauth/claim-rules.ts';
import type { CustomClaims } from '../functions/oauth/custom-claims.ts';
import { RegistryError } from './registry-error.ts';

/** How the claims of a client or a resource server are to change; all others stay. */
export interface ClaimsUpdate {
  /** Each takes the place of one of the same name. */
  readonly set?: CustomClaims | undefined;
  readonly removed?: readonly string[] | undefined;
}

/**
 * Checks the claims that somebody adds to tokens.
 * @throws RegistryError
 */
export function checkClaims(value: unknown): CustomClaims {
  const problem = claimsProblem(value);
  if (problem !== undefined) throw new RegistryError('input', problem);
  // The cast: whatever has no problem is this.
  return value as CustomClaims;
}

/**
 * Changes claims.
 * @throws RegistryError when one to remove is not there, or all together break a rule
 */
export function updatedClaims(
  claims: CustomClaims,
  { set = {}, removed = [] }: ClaimsUpdate = {},
): CustomClaims {
  const missing = removed.find((name) => !Object.hasOwn(claims, name));
  if (missing !== undefined) throw new RegistryError('contents', `there is no claim ${missing}`);
  const kept = Object.entries(claims).filter(([name]) => !removed.includes(name));
  const changed = { ...Object.fromEntries(kept), ...set };
  // What another release has let in must not stand in the way of what has nothing to do with it.
  return Object.keys(set).length > 0 ? checkClaims(changed) : changed;
}
