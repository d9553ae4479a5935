import type { Command } from 'commander';
import type { CustomClaims, Json } from '../../functions/oauth/custom-claims.ts';
import { type ClaimsUpdate, checkClaims } from '../../registry/claims.ts';
import { CliError } from '../io/cli-error.ts';
import type { Cell } from '../io/table.ts';

/** The claims of a new client or resource server. */
export interface ClaimOptions {
  readonly claim?: CustomClaims;
}

/** The claims that change. */
export interface ClaimUpdateOptions extends ClaimOptions {
  readonly removeClaim?: readonly string[];
}

/** Adds `--claim`, for a new client or resource server. */
export const addClaimOption = (command: Command, tokens: string): Command =>
  command.option(
    '--claim <name=value>',
    `a claim of ${tokens}, JSON or text; repeatable`,
    claimValue,
  );

/** Adds `--claim` and `--remove-claim`, for one that there is. */
export const addClaimUpdateOptions = (command: Command, tokens: string): Command =>
  addClaimOption(command, tokens).option(
    '--remove-claim <name>',
    'take this claim away; repeatable',
    removedClaimValue,
  );

/**
 * What claims are to change; undefined: none.
 * @throws CliError for one that is both given and removed
 */
export function claimsUpdateOf({
  claim: set,
  removeClaim: removed,
}: ClaimUpdateOptions): ClaimsUpdate | undefined {
  if (!set && !removed) return undefined;
  const both = removed?.find((name) => set && Object.hasOwn(set, name));
  if (both === undefined) return { set, removed };
  throw new CliError(`the claim ${both} cannot be both given and removed`, 2);
}

/** Claims for people; undefined: there are none, as for most. */
export function claimsCell(claims: CustomClaims): Cell | undefined {
  const lines = Object.entries(claims).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return lines.length > 0 ? lines : undefined;
}

/**
 * Reads `NAME=VALUE` and adds it to the claims before it.
 * @throws CliError; RegistryError for a claim that nobody may set
 */
function claimValue(text: string, before: CustomClaims = {}): CustomClaims {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new CliError('a claim is written NAME=VALUE', 2);
  }
  if (Object.hasOwn(before, name)) throw new CliError(`there are two claims ${name}`, 2);
  return checkClaims({ ...before, [name]: jsonOrText(name, value) });
}

/** JSON where it is JSON, else a text. What begins like a JSON text, list or object has to be one. */
function jsonOrText(name: string, value: string): Json {
  try {
    return JSON.parse(value);
  } catch {
    if (!/^\s*["[{]/.test(value)) return value;
    throw new CliError(`the value of the claim ${name} begins like JSON, and is none`, 2);
  }
}

const removedClaimValue = (name: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  name,
];
