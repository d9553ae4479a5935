import type { AssertionAlgorithm } from '../oauth/assertion-algorithms.ts';
import { certificateThumbprint, parseClientCertificate } from '../oauth/client-certificate.ts';
import type { Confirmation } from '../oauth/confirmation.ts';
import type { DpopNonces } from '../oauth/dpop-nonce.ts';
import { dpopProofUse, verifyDpopProof } from '../oauth/dpop-proof.ts';
import { invalidProof, invalidToken } from '../oauth/oauth-error.ts';
import { type ReplayGuard, useOnce } from '../oauth/replay.ts';
import { type Confirm, type Confirmed, withoutProof } from './confirmation.ts';
import type { PresentedPossession } from './presented-possession.ts';
import type { PresentedToken } from './presented-token.ts';
import { isTarget } from './target.ts';

/** How tokens that are bound to a key or a certificate are confirmed. */
export interface PossessionChecks {
  /** Where clients reach the API, as comparableUri writes it, and without a slash at its end. */
  readonly publicUrl: string;
  /** Whether a token that is bound to nothing is refused. */
  readonly required: boolean;
  readonly algorithms: readonly AssertionAlgorithm[];
  readonly nonces: DpopNonces;
  readonly replays: ReplayGuard;
  /** NumericDate. */
  readonly now: () => number;
}

/** A token, the key that it is bound to, and what was shown with it. */
interface Shown extends PresentedToken {
  readonly jkt: string;
  readonly possession: PresentedPossession;
}

/**
 * Confirms that whoever shows a token possesses what it is bound to (RFC 9449 §7, RFC 8705 §3): everything
 * that `cnf` names. A token without `cnf` is a bearer token, and refused under the DPoP scheme.
 */
export function confirmPossession(checks: PossessionChecks): Confirm {
  return async ({ cnf }, { possession, ...presented }) => {
    const jkt = cnf?.jkt;
    if (jkt === undefined && presented.scheme === 'DPoP') {
      return refuse('a token that is bound to no key, under DPoP');
    }
    if (cnf === undefined) return confirmUnbound(checks);
    if (!possession) return refuse('a TOKEN authorizer sees neither proof nor certificate (cnf)');
    confirmCertificate(cnf, possession, checks.now());
    return jkt === undefined ? withoutProof : confirmKey({ ...presented, jkt, possession }, checks);
  };
}

const confirmUnbound = ({ required }: PossessionChecks): Confirmed =>
  required ? refuse('the token is bound to nothing (cnf)') : withoutProof;

/** RFC 8705 §3: the connection's certificate must be the one in `cnf`, and still be valid. */
function confirmCertificate(
  { 'x5t#S256': expected }: Confirmation,
  { certificate }: PresentedPossession,
  now: number,
): void {
  if (expected === undefined) return;
  if (certificate === undefined) refuse('no certificate for a token that is bound to one');
  const shown = parseClientCertificate(certificate, now);
  if (typeof shown === 'string') refuse(shown);
  const isTheOne = certificateThumbprint(shown) === expected;
  if (!isTheOne) refuse('the token is bound to another certificate');
}

/** RFC 9449 §4.3, §7.1. */
async function confirmKey(
  { scheme, access_token, jkt, possession }: Shown,
  checks: PossessionChecks,
): Promise<Confirmed> {
  if (scheme !== 'DPoP') return refuse('a token that is bound to a key, as Bearer');
  const { publicUrl, algorithms, nonces, replays, now } = checks;
  const { method, path } = possession;
  const proof = await verifyDpopProof(onlyProof(possession), {
    htm: method,
    isTarget: isTarget(publicUrl, path),
    access_token,
    algorithms,
    nonces,
    now: now(),
  });
  if (proof.jkt !== jkt) return refuse('the token is bound to another key');
  return {
    nonce: await nonces.issue(),
    useUp: async () => void (await useOnce([dpopProofUse(proof)], replays)),
  };
}

/** RFC 9449 §4.3 (1). */
function onlyProof({ dpop: [value, ...others] }: PresentedPossession): string {
  if (typeof value !== 'string') throw invalidProof('there is none');
  if (others.length > 0) throw invalidProof('there is more than one');
  return value;
}

function refuse(cause: string): never {
  throw invalidToken(cause);
}
