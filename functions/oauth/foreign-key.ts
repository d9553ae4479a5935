import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { algorithmsFor } from './assertion-algorithms.ts';
import { ed25519Fault } from './ed25519-point.ts';
import { hasSecretMember, saidMembers } from './public-jwk.ts';

/** What can be wrong with a public key that somebody else has made, as the end of a sentence about it. */
export const keyFaults = {
  secret: 'has a private or secret member',
  type: 'is of a type that clients do not use here',
  alg: 'has an alg that is not for its type',
  use: 'has another use than sig',
  key_ops: 'has key_ops without verify',
  kid: 'has a kid that is no text',
  member: 'has a member that is missing, malformed or not of its full length',
  modulus: 'is an RSA key of fewer than 2048 or more than 4096 bits',
  exponent: 'is an RSA key with another exponent than 65537',
  point: 'is no point of its curve',
  order: 'is a point of small order',
} as const;
export type KeyFault = keyof typeof keyFaults;

type Members = Readonly<Record<string, unknown>>;

/**
 * The one rule for every key that others give us: of clients, of those who publish sets, and in DPoP proofs.
 * Such a key verifies what anybody sends. So it must not be slow, and nobody but its owner may be able to forge by it:
 * RSA of 2048 to 4096 bits with the exponent 65537, a point on its curve that is not of small order.
 * Members that say nothing, or that are none of these, do not count.
 * @returns the key, or why it is of no use here
 */
export function readForeignKey(jwk: object): KeyObject | KeyFault {
  const key: Members = { ...saidMembers(jwk) };
  return purposeFault(key) ?? readPublicKey(key);
}

/** The same, for a key of which nothing says what it is for: that of a certificate. */
export function readPublicKey(key: Members): KeyObject | KeyFault {
  const { kty, crv, x, y, n, e } = key;
  const form = forms.get(kty === 'RSA' ? kty : [text(kty), text(crv)].join(' '));
  const fault = form ? form(key) : 'type';
  if (fault) return fault;
  try {
    // node:crypto sees whether a point of an EC key is on its curve.
    return createPublicKey({ key: { kty, crv, x, y, n, e } as JsonWebKey, format: 'jwk' });
  } catch {
    return 'point';
  }
}

/** Whether a key is public, and may verify a signature by an algorithm of clients (RFC 7517 §4.1 to §4.5). */
function purposeFault(key: Members): KeyFault | undefined {
  if (hasSecretMember(key)) return 'secret';
  const { kty, crv, alg, use = 'sig', key_ops = ['verify'], kid = '' } = key;
  const algorithms: readonly unknown[] = algorithmsFor({ kty: text(kty), crv: text(crv) });
  if (algorithms.length === 0) return 'type';
  if (alg !== undefined && !algorithms.includes(alg)) return 'alg';
  if (use !== 'sig') return 'use';
  if (!Array.isArray(key_ops) || !key_ops.includes('verify')) return 'key_ops';
  return text(kid) === undefined ? 'kid' : undefined;
}

type Form = (key: Members) => KeyFault | undefined;

/** Octets of n. */
const [minModulus, maxModulus] = [256, 512];

/** Type and curve -> what is wrong with the members (RFC 7518 §6.2, §6.3; RFC 8037 §2). */
const forms: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['RSA', rsaFault],
  ['EC P-256', ecFault(32)],
  ['EC P-384', ecFault(48)],
  ['EC P-521', ecFault(66)],
  [
    'OKP Ed25519',
    ({ x }) => {
      const octets = octetsOf(x, 32);
      return octets?.length === 32 ? ed25519Fault(octets) : 'member';
    },
  ],
]);

function rsaFault({ n, e }: Members): KeyFault | undefined {
  if (text(n) === undefined || text(e) === undefined) return 'member';
  // What is too long is not even decoded.
  if (String(n).length > Math.ceil((maxModulus * 4) / 3)) return 'modulus';
  const modulus = octetsOf(n, maxModulus);
  const [first, last] = [modulus?.at(0), modulus?.at(-1)];
  if (!modulus || !first || !last || last % 2 === 0) return 'member';
  if (modulus.length < minModulus || (modulus.length === minModulus && first < 0x80))
    return 'modulus';
  return e === 'AQAB' ? undefined : 'exponent';
}

function ecFault(size: number): Form {
  return ({ x, y }) =>
    [x, y].every((coordinate) => octetsOf(coordinate, size)?.length === size)
      ? undefined
      : 'member';
}

/**
 * The octets of a member: at most so many, and in the one way to write them in base64url. A key that can be
 * written in two ways would have two thumbprints.
 */
function octetsOf(value: unknown, most: number): Buffer | undefined {
  const written = text(value);
  if (written === undefined || written.length > Math.ceil((most * 4) / 3)) return undefined;
  const octets = Buffer.from(written, 'base64url');
  return octets.toString('base64url') === written ? octets : undefined;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
