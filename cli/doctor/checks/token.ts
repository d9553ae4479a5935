import { compactVerify, createLocalJWKSet, type JSONWebKeySet, type JWTPayload } from 'jose';
import type { Examination } from '../examination/examination.ts';
import { type IssuedToken, issuedToken } from '../examination/issued-token.ts';
import { faultsOr, problem, type Verdict } from '../findings/finding.ts';
import { quoted, shortened } from '../findings/foreign-value.ts';
import { needed } from '../findings/trouble.ts';

/** Whether an access token is what verifiers expect (RFC 9068 §2, §4). */
export async function checkToken(examination: Examination): Promise<readonly Verdict[]> {
  const { issuer } = examination.subject;
  const token = issuedToken(await examination.token());
  const { json } = await needed(examination.jwkSet(), 'the JWK Set');
  const faults = [
    ...claimFaults(token.claims, issuer),
    // A cast without a check: jose checks the form of the set.
    ...(await signatureFaults(token, json as unknown as JSONWebKeySet)),
  ];
  return faultsOr(faults, `A token has iss ${issuer}, to the byte, and verifies by the JWK Set.`);
}

async function signatureFaults(
  { access_token }: IssuedToken,
  jwkSet: JSONWebKeySet,
): Promise<readonly Verdict[]> {
  try {
    const { protectedHeader } = await compactVerify(access_token, createLocalJWKSet(jwkSet));
    return typeFaults(protectedHeader.typ);
  } catch (error) {
    const why = error instanceof Error ? shortened(error.message) : 'it gives no reason';
    return [
      problem(
        `An access token does not verify by the JWK Set: ${why}.`,
        'Let the jwks_uri lead to the same deployment as the token endpoint, and past no stale cache.',
      ),
    ];
  }
}

/** A typ of its own keeps other JWTs from passing for access tokens (RFC 9068 §2.1). */
function typeFaults(typ: unknown): readonly Verdict[] {
  if (typeof typ === 'string' && /^(application\/)?at\+jwt$/i.test(typ)) return [];
  const what = `An access token has the typ ${quoted(typ)}, not "at+jwt".`;
  return [problem(what, 'Look at what answers at the token endpoint.')];
}

/** The claims that every access token has (RFC 9068 §2.2). */
const required = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'];

function claimFaults(claims: JWTPayload, issuer: string): readonly Verdict[] {
  const lacking = required.filter((claim) => claims[claim] === undefined);
  return [
    ...(lacking.length > 0 ? [lackingClaims(lacking)] : []),
    ...(claims.iss === undefined || claims.iss === issuer ? [] : [otherIss(claims.iss, issuer)]),
  ];
}

function lackingClaims(lacking: readonly string[]): Verdict {
  const what = `An access token has no ${lacking.join(', ')}.`;
  return problem(what, 'Look at what answers at the token endpoint.');
}

function otherIss(iss: unknown, issuer: string): Verdict {
  return problem(
    `An access token has the iss ${quoted(iss)}, not ${quoted(issuer)}.`,
    'Verifiers compare it byte by byte: set one issuer with `npx cdk deploy -c issuer=URL`.',
  );
}
