import type { Client } from '../oauth/client.ts';
import { certificateThumbprint, parseClientCertificate } from '../oauth/client-certificate.ts';
import type { Confirmation } from '../oauth/confirmation.ts';
import type { VerifiedProof } from '../oauth/dpop-proof.ts';
import { invalidProof, OAuthError } from '../oauth/oauth-error.ts';
import type { Profile } from '../oauth/profile.ts';

/** What possession is checked with. */
export interface PossessionChecks {
  readonly profile: Profile;
  /** NumericDate. */
  readonly now: () => number;
}

/** What a client has shown beside its credentials. */
export interface ShownPossession {
  readonly proof: VerifiedProof | undefined;
  /** PEM; of its connection. */
  readonly client_certificate: string | undefined;
}

/**
 * Finds out what a client's token is to be bound to: the key of its DPoP proof (RFC 9449 §5), the
 * certificate of its connection (RFC 8705 §3), both, or nothing where neither the client nor the
 * profile asks for more.
 * @throws OAuthError `invalid_dpop_proof` without a proof that is needed; `invalid_request` without a
 *   certificate that is needed
 */
export function provePossession(
  client: Client,
  { proof, client_certificate }: ShownPossession,
  { profile, now }: PossessionChecks,
): Confirmation | undefined {
  const isCertified = isToBeCertified(client, { proof, client_certificate }, profile);
  const certified = isCertified && { 'x5t#S256': thumbprint(client_certificate, now()) };
  if (proof) return { jkt: proof.jkt, ...certified };
  const needsKey = profile.senderConstrained && !isCertified;
  if (client.dpop_bound_access_tokens || needsKey) throw invalidProof('there is none');
  return certified || undefined;
}

/** A certificate binds where the client asks for it, or where it is all that could bind what must be bound. */
function isToBeCertified(
  { tls_client_certificate_bound_access_tokens }: Client,
  { proof, client_certificate }: ShownPossession,
  { senderConstrained }: Profile,
): boolean {
  const isOnlyOne = proof === undefined && client_certificate !== undefined;
  return tls_client_certificate_bound_access_tokens || (senderConstrained && isOnlyOne);
}

/** RFC 8705 §3.4: the server may refuse to issue a token that is not bound. */
function thumbprint(client_certificate: string | undefined, now: number): string {
  const shown =
    client_certificate === undefined
      ? 'no certificate'
      : parseClientCertificate(client_certificate, now);
  if (typeof shown !== 'string') return certificateThumbprint(shown);
  throw new OAuthError(
    'invalid_request',
    'the client gets tokens that are bound to its TLS certificate, and shows none that is valid',
    { cause: shown },
  );
}
