import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { HeaderList } from '../../../cli/io/http.ts';
import { check, type Deployment } from '../conformance-case.ts';
import { obtainToken, tokenIn } from './obtained-token.ts';
import {
  basic,
  checkInvalidClient,
  checkRefused,
  formType,
  requestToken,
} from './token-request.ts';

type Parameters = Readonly<Record<string, string>>;

export const jwtBearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/**
 * Checks that a client with a secret is not authenticated by an assertion that a stranger has
 * signed (RFC 7523 §2.2).
 * @throws Nonconformity
 */
export async function attemptAssertion(deployment: Deployment): Promise<void> {
  const form = [
    ['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
    ['client_assertion', await assertionOf(deployment)],
  ] as const;
  const answer = await requestToken(deployment, { form });
  checkInvalidClient('a client assertion', answer);
}

/**
 * Checks that a grant is not supported, even for a client that proves itself (RFC 6749 §5.2).
 * @throws Nonconformity
 */
export async function attemptGrant(
  deployment: Deployment,
  grant_type: string,
  parameters: Parameters,
): Promise<void> {
  const answer = await requestToken(deployment, {
    authorization: basic(deployment.client('basic')),
    form: new URLSearchParams({ grant_type, ...parameters }).toString(),
  });
  checkRefused(`the grant ${grant_type}`, answer, [400, 'unsupported_grant_type']);
  await obtainToken(deployment, 'basic');
}

/** The same for an assertion as a grant (RFC 7523 §2.1). */
export async function attemptJwtBearer(deployment: Deployment): Promise<void> {
  await attemptGrant(deployment, jwtBearerGrant, { assertion: await assertionOf(deployment) });
}

/**
 * Checks that nothing answers to POST at a path below the issuer.
 * @throws Nonconformity
 */
export async function attemptEndpoint(
  deployment: Deployment,
  path: string,
  body: string,
): Promise<void> {
  const type = body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded';
  const { status } = await deployment.send({
    url: new URL(deployment.issuer + path),
    method: 'POST',
    headers: [['Content-Type', type]],
    body,
  });
  check([403, 404, 405].includes(status), `POST ${path} is answered ${status}`);
}

/**
 * Checks that a request with a right DPoP proof gets a token as any other (RFC 9449 §5).
 * @throws Nonconformity
 */
export async function attemptProof(deployment: Deployment): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const htu = deployment.endpoint('token_endpoint').href;
  const proof = await new SignJWT({ jti: randomUUID(), htm: 'POST', htu })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: await exportJWK(publicKey) })
    .setIssuedAt(deployment.now())
    .sign(privateKey);
  const answer = await requestToken(deployment, {
    authorization: basic(deployment.client('basic')),
    headers: [formType, ['DPoP', proof]],
  });
  const { claims, response } = tokenIn(answer);
  deployment.saw(`token_type ${response.token_type}, claims ${Object.keys(claims).join(' ')}`);
  const isBearer = String(response.token_type).toLowerCase() === 'bearer';
  check(isBearer, `token_type with a proof is ${response.token_type}`);
  check(claims.cnf === undefined, 'a token with a proof has cnf, though its token_type is Bearer');
}

/**
 * Checks that a client which only says who it is gets no token, whatever these headers say.
 * @throws Nonconformity
 */
export async function attemptClientId(deployment: Deployment, headers: HeaderList): Promise<void> {
  const form = [['client_id', deployment.client('basic').client_id]] as const;
  const answer = await requestToken(deployment, { form, headers: [formType, ...headers] });
  checkInvalidClient('a client_id without a secret', answer);
}

async function assertionOf(deployment: Deployment): Promise<string> {
  const { client_id } = deployment.client('basic');
  const { privateKey } = await generateKeyPair('ES256');
  return new SignJWT({ iss: client_id, sub: client_id, aud: deployment.issuer, jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuedAt(deployment.now())
    .setExpirationTime(deployment.now() + 60)
    .sign(privateKey);
}
