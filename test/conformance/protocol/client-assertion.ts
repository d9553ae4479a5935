import { type KeyObject, randomUUID, sign } from 'node:crypto';
import type { Answer } from '../../../cli/io/http.ts';
import { type ConformanceCase, type Deployment, NotOffered } from '../conformance-case.ts';
import type { ClientName } from '../throw-away.ts';
import { fetchMetadata, listed } from './metadata.ts';
import { checkInvalidClient, checkIssued, type Form, requestToken } from './token-request.ts';
import { attemptAssertion } from './unoffered-attempt.ts';

/** What differs from a right assertion; `undefined` takes a member out. */
export interface AssertionChange {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Makes the third part of the JWT from the two others. @default the client's own signature */
  readonly signature?: (input: string) => string;
}

/** The `client_assertion_type` of a JWT (RFC 7523 §2.2). */
export const jwtBearerType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Makes a case for clients with key pairs, which a deployment need not offer. */
export function assertionCase(described: ConformanceCase): ConformanceCase {
  return {
    ...described,
    uses: [...new Set<ClientName>(['basic', ...(described.uses ?? [])])],
    async run(deployment) {
      const metadata = await fetchMetadata(deployment);
      const methods = listed(metadata, 'token_endpoint_auth_methods_supported');
      if (methods.includes('private_key_jwt')) return described.run(deployment);
      await attemptAssertion(deployment);
      throw new NotOffered('the metadata does not announce private_key_jwt');
    },
  };
}

/** An assertion of a client with a key (RFC 7523 §3), by default a right one that nobody has used. */
export function assertionOf(
  deployment: Deployment,
  name: ClientName,
  { header, claims, signature }: AssertionChange = {},
): string {
  const { client_id, key } = deployment.client(name);
  if (!key) throw new Error(`${name} has no key`);
  const [iat, jti] = [deployment.now(), randomUUID()];
  const ours = { iss: client_id, sub: client_id, aud: deployment.issuer, jti, iat, exp: iat + 60 };
  const input = [
    { alg: 'ES256', kid: key.kid, ...header },
    { ...ours, ...claims },
  ]
    .map((members) => Buffer.from(JSON.stringify(members)).toString('base64url'))
    .join('.');
  return `${input}.${(signature ?? signedBy(key.privateKey))(input)}`;
}

/** Signs with ES256 (RFC 7518 §3.4). */
export const signedBy =
  (key: KeyObject) =>
  (input: string): string =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');

/** The parameters of a client that authenticates by an assertion (RFC 7521 §4.2). */
export const byAssertion = (client_assertion: string): Form => [
  ['client_assertion_type', jwtBearerType],
  ['client_assertion', client_assertion],
];

/** Asks for a token with an assertion; without a name its client_id is left out. */
export function requestByAssertion(
  deployment: Deployment,
  client_assertion: string,
  name?: ClientName,
): Promise<Answer> {
  const client = name ? [['client_id', deployment.client(name).client_id] as const] : [];
  return requestToken(deployment, { form: [...client, ...byAssertion(client_assertion)] });
}

/** Checks that a client gets a token by each of these assertions. */
export async function checkAccepted(
  deployment: Deployment,
  name: ClientName,
  changes: readonly AssertionChange[] = [{}],
): Promise<void> {
  for (const change of changes) {
    const assertion = assertionOf(deployment, name, change);
    checkIssued(await requestByAssertion(deployment, assertion, name));
  }
}

/** Checks that none of these assertions gets a token (RFC 7521 §4.2.1), and that a right one does. */
export async function checkEachRefused(
  deployment: Deployment,
  name: ClientName,
  changes: Readonly<Record<string, AssertionChange>>,
): Promise<void> {
  for (const [what, change] of Object.entries(changes)) {
    const assertion = assertionOf(deployment, name, change);
    const answer = await requestByAssertion(deployment, assertion, name);
    checkInvalidClient(what, answer);
  }
  await checkAccepted(deployment, name);
}
