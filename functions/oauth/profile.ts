import {
  type AssertionAlgorithm,
  assertionAlgorithms,
  dpopAlgorithms,
} from './assertion-algorithms.ts';
import { type AuthMethod, authMethods } from './client.ts';

/** What a deployment demands of clients, beyond what the standards themselves do. */
export interface Profile {
  /** The methods of client authentication that are allowed. */
  readonly authMethods: readonly AuthMethod[];
  /** What clients may sign assertions with. */
  readonly clientAlgorithms: readonly AssertionAlgorithm[];
  /** What clients may sign DPoP proofs with. */
  readonly dpopAlgorithms: readonly AssertionAlgorithm[];
  /** Whether an access token may be signed with this algorithm. */
  readonly maySign: (alg: string) => boolean;
  /** Whether an assertion's audience must be the issuer, as a string; it overrides the client's setting. */
  readonly strictAssertionAudience: boolean;
  /** Whether every access token must be sender-constrained; it overrides the client's setting. */
  readonly senderConstrained: boolean;
}

/** FAPI 2.0 Security Profile §5.4.1. EdDSA and Ed25519 are the same algorithm here. */
const fapiAlgorithms = [
  'PS256',
  'ES256',
  'EdDSA',
  'Ed25519',
] as const satisfies Profile['clientAlgorithms'];

/** The profiles. `fapi2`: FAPI 2.0 Security Profile §5.3.2.1 and §5.4. */
export const profiles = {
  none: {
    authMethods,
    clientAlgorithms: assertionAlgorithms,
    dpopAlgorithms,
    maySign: () => true,
    strictAssertionAudience: false,
    senderConstrained: false,
  },
  fapi2: {
    authMethods: ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'],
    clientAlgorithms: fapiAlgorithms,
    dpopAlgorithms: fapiAlgorithms,
    maySign: (alg: string) => fapiAlgorithms.some((name) => name === alg),
    strictAssertionAudience: true,
    senderConstrained: true,
  },
} as const satisfies Readonly<Record<string, Profile>>;

export type ProfileName = keyof typeof profiles;

/** Finds a profile. @throws Error for an unknown name, so that the cold start fails rather than a demand is lost */
export function parseProfile(name: string): Profile {
  const found = Object.entries(profiles).find(([known]) => known === name)?.[1];
  if (!found) throw new Error(`there is no profile ${name}`);
  return found;
}
