import { calculateJwkThumbprint } from 'jose';
import { problem, type Verdict } from '../findings/finding.ts';
import { quoted } from '../findings/foreign-value.ts';

/** A member of a JWK Set, as it arrived. */
export type Jwk = Readonly<Record<string, unknown>>;

/** Members of private and of symmetric keys (RFC 7518 §6.2.2, §6.3.2, §6.4.1; RFC 9964 §3). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];
const leastRsaBits = 2048;

interface Rule {
  readonly broken: (jwk: Jwk) => boolean | Promise<boolean>;
  /** What is wrong, to go on from the key's name. */
  readonly what: (jwk: Jwk) => string;
  readonly remedy: string;
}

const rules: readonly Rule[] = [
  {
    broken: (jwk) => privateOf(jwk).length > 0,
    what: (jwk) => `has private members (${privateOf(jwk).join(', ')})`,
    remedy: 'Take it offline and out of use now: whoever read it can sign access tokens.',
  },
  {
    broken: (jwk) => lackingOf(jwk).length > 0,
    what: (jwk) => `has no ${lackingOf(jwk).join(', ')}`,
    remedy: 'Publish kty, kid, alg and use with every key: verifiers choose by them.',
  },
  {
    broken: ({ use }) => use !== undefined && use !== 'sig',
    what: ({ use }) => `has the use ${quoted(use)}, not "sig"`,
    remedy: 'Publish keys that sign, and no others.',
  },
  {
    broken: async (jwk) => typeof jwk.kid === 'string' && jwk.kid !== (await thumbprint(jwk)),
    what: () => 'has a kid that is not its thumbprint (RFC 7638)',
    remedy:
      'Look at what changes the JWK Set on the way, or deploy the authorization server again.',
  },
  {
    broken: (jwk) => jwk.kty === 'RSA' && bitsOf(jwk.n) < leastRsaBits,
    what: ({ n }) => `has ${bitsOf(n)} bits, fewer than ${leastRsaBits} (RFC 7518 §3.3)`,
    remedy: 'Sign with a key of 2048 bits or more.',
  },
];

/** What is wrong with one key of a JWK Set (RFC 7517 §4). */
export async function jwkFaults(jwk: Jwk): Promise<readonly Verdict[]> {
  const name = `The key ${quoted(jwk.kid ?? 'without kid')}`;
  const faults = await Promise.all(
    rules.map(async ({ broken, what, remedy }) =>
      (await broken(jwk)) ? [problem(`${name} ${what(jwk)}.`, remedy)] : [],
    ),
  );
  return faults.flat();
}

const privateOf = (jwk: Jwk): readonly string[] =>
  privateMembers.filter((member) => jwk[member] !== undefined);

const lackingOf = (jwk: Jwk): readonly string[] =>
  ['kty', 'kid', 'alg', 'use'].filter((member) => typeof jwk[member] !== 'string');

async function thumbprint(jwk: Jwk): Promise<string | undefined> {
  return calculateJwkThumbprint(jwk, 'sha256').catch(() => undefined);
}

function bitsOf(modulus: unknown): number {
  const bytes = Buffer.from(typeof modulus === 'string' ? modulus : '', 'base64url');
  const hex = bytes.toString('hex') || '0';
  return BigInt(`0x${hex}`).toString(2).length;
}
