import type { Client } from '../oauth/client.ts';
import { certificateThumbprint, parseClientCertificate } from '../oauth/client-certificate.ts';
import { comparableUri } from '../oauth/comparable-uri.ts';
import type { Confirmation } from '../oauth/confirmation.ts';
import type { DpopNonces } from '../oauth/dpop-nonce.ts';
import { verifyDpopProof } from '../oauth/dpop-proof.ts';
import { checkProofFirstUse } from '../oauth/dpop-single-use.ts';
import { invalidProof, OAuthError } from '../oauth/oauth-error.ts';
import type { Profile } from '../oauth/profile.ts';
import type { ReplayGuard } from '../oauth/replay.ts';
import type { TokenRequest } from './request.ts';

/** What a proof of possession is checked against. */
export interface PossessionChecks {
  /** The URLs at which the token endpoint is reached. */
  readonly tokenEndpoints: readonly string[];
  readonly profile: Profile;
  readonly nonces: DpopNonces;
  readonly replays: ReplayGuard;
  /** NumericDate. */
  readonly now: () => number;
}

/** What the token will be bound to. */
export interface Possession {
  readonly cnf: Confirmation | undefined;
  /** For the client's next DPoP proof; undefined: it needs none. */
  readonly nonce: string | undefined;
}

/**
 * Finds out what a client's token is to be bound to: the key of its DPoP proof (RFC 9449 §5), the
 * certificate of its connection (RFC 8705 §3), both, or nothing where neither the client nor the
 * profile asks for more.
 * @throws OAuthError `invalid_dpop_proof`, `use_dpop_nonce`; `invalid_request` without a certificate
 *   that is needed; RetryLater when a store cannot tell
 */
export async function provePossession(
  client: Client,
  { dpop, presented: { client_certificate } }: TokenRequest,
  checks: PossessionChecks,
): Promise<Possession> {
  const certified = isToBeCertified(client, { dpop, client_certificate }, checks.profile)
    ? { 'x5t#S256': thumbprint(client_certificate, checks.now()) }
    : undefined;
  if (dpop !== undefined) {
    const [jkt, nonce] = await proveKey(dpop, checks);
    return { cnf: { jkt, ...certified }, nonce };
  }
  const isBoundOtherwise = certified !== undefined || !checks.profile.senderConstrained;
  if (client.dpop_bound_access_tokens || !isBoundOtherwise) throw invalidProof('there is none');
  return { cnf: certified, nonce: undefined };
}

/** A certificate binds where the client asks for it, and where otherwise nothing would that has to. */
function isToBeCertified(
  { tls_client_certificate_bound_access_tokens }: Client,
  shown: { readonly dpop: string | undefined; readonly client_certificate: string | undefined },
  { senderConstrained }: Profile,
): boolean {
  const isAllThereIs = shown.dpop === undefined && shown.client_certificate !== undefined;
  return tls_client_certificate_bound_access_tokens || (senderConstrained && isAllThereIs);
}

/** RFC 8705 §3.4: the server may refuse to issue a token that is not bound. */
function thumbprint(client_certificate: string | undefined, now: number): string {
  try {
    if (client_certificate === undefined) throw new Error('no certificate');
    return certificateThumbprint(parseClientCertificate(client_certificate, now));
  } catch (error) {
    const cause = error instanceof Error ? error.message : error;
    throw new OAuthError(
      'invalid_request',
      'the client gets tokens that are bound to its TLS certificate, and shows none that is valid',
      { cause },
    );
  }
}

/** RFC 9449 §5, §8.2. */
async function proveKey(
  dpop: string,
  { tokenEndpoints, profile, nonces, replays, now }: PossessionChecks,
): Promise<readonly [jkt: string, nonce: string | undefined]> {
  const proof = await verifyDpopProof(dpop, {
    htm: 'POST',
    htu: tokenEndpoints.flatMap((url) => comparableUri(url) ?? []),
    access_token: undefined,
    algorithms: profile.clientAlgorithms,
    nonces,
    now: now(),
  });
  await checkProofFirstUse(proof, replays);
  return [proof.jkt, await nonces.issue()];
}
