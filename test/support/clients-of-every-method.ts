import 'reflect-metadata';
import { KeyUsageFlags, KeyUsagesExtension } from '@peculiar/x509';
import type { AuthMethod, Client } from '../../functions/oauth/client.ts';
import { aClient, aSecret, stoppedAt } from './a-client.ts';
import { assertionForm, signAssertion } from './assertions.ts';
import { authority, type CertificateInit, certificate } from './certificates.ts';
import { basic, type RequestInit } from './http-api-event.ts';
import { type TestKey, testKey } from './test-key.ts';

/** A client, and how it asks for a token: each time with an assertion that is new. */
export interface AskingClient {
  readonly client: Client;
  /** @param isRight whether by its own credentials, or by another's */
  readonly ask: (isRight: boolean) => Promise<RequestInit>;
}

/** Where such a client is known, and from where its keys are fetched. */
export interface Meeting {
  readonly client_id: string;
  readonly issuer: string;
  /** Of the document with `publishedKey`. */
  readonly published: string;
}

const grant = 'grant_type=client_credentials';
const [ownKey, otherKey] = await Promise.all([testKey('ES256'), testKey('ES256')]);
const ca = authority();
const digitalSignature = new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true);

/** The public key by which clients sign whose keys are published. It is good for a bundle of SPIFFE, too. */
export const publishedKey = { ...ownKey.jwk, alg: undefined, use: undefined };

/** What a client signs with: its own, or another key that says to be it. */
const signer = (isRight: boolean): TestKey => (isRight ? ownKey : { ...otherKey, kid: ownKey.kid });

const secret = (client_id: string) => `secret of ${client_id}`;

const withSecret = (client_id: string, method: AuthMethod) =>
  aClient({
    client_id,
    token_endpoint_auth_method: method,
    secrets: [aSecret(secret(client_id))],
  });

const without = (client_id: string, method: AuthMethod, special: Partial<Client>) =>
  aClient({ client_id, token_endpoint_auth_method: method, secrets: [], ...special });

const asserting =
  ({ client_id, issuer }: Meeting, iss: string) =>
  async (isRight: boolean): Promise<RequestInit> => {
    const claims = { iss, sub: client_id, aud: issuer };
    return { body: assertionForm(await signAssertion(signer(isRight), { claims }), { client_id }) };
  };

/** Certificates take long to make, and one may be shown many times. */
function showing(client_id: string, own: CertificateInit, other: CertificateInit) {
  const made = [own, other].map((init) => certificate({ at: stoppedAt, ...init }));
  const ask = async (isRight: boolean): Promise<RequestInit> => ({
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id }).toString(),
    certificate: (await made[isRight ? 0 : 1])?.cert,
  });
  return { made, ask };
}

type Make = (meeting: Meeting) => Promise<AskingClient> | AskingClient;

/** A way in which clients authenticate -> makes one. */
export const clientsOfEveryMethod = {
  client_secret_basic: ({ client_id }) => ({
    client: withSecret(client_id, 'client_secret_basic'),
    ask: async (isRight) => ({
      body: grant,
      headers: { authorization: basic(client_id, isRight ? secret(client_id) : 'another') },
    }),
  }),
  client_secret_post: ({ client_id }) => ({
    client: withSecret(client_id, 'client_secret_post'),
    ask: async (isRight) => {
      const client_secret = isRight ? secret(client_id) : 'another';
      return { body: `${grant}&${new URLSearchParams({ client_id, client_secret })}` };
    },
  }),
  private_key_jwt: (meeting) => ({
    client: without(meeting.client_id, 'private_key_jwt', { jwks: { keys: [ownKey.jwk] } }),
    ask: asserting(meeting, meeting.client_id),
  }),
  'private_key_jwt, jwks_uri': (meeting) => ({
    client: without(meeting.client_id, 'private_key_jwt', { jwks_uri: meeting.published }),
    ask: asserting(meeting, meeting.client_id),
  }),
  federated: (meeting) => {
    const rule = {
      issuer: 'https://platform.example.net',
      jwks_uri: meeting.published,
      subject: meeting.client_id,
      subject_glob: undefined,
      audience: meeting.issuer,
      claims: {},
      single_use: true,
      max_lifetime: 3600,
    };
    return {
      client: without(meeting.client_id, 'federated', { trust: [rule] }),
      ask: asserting(meeting, rule.issuer),
    };
  },
  tls_client_auth: ({ client_id }) => ({
    client: without(client_id, 'tls_client_auth', {
      tls_client_auth_subject_dn: `CN=${client_id}`,
      tls_client_certificate_bound_access_tokens: true,
    }),
    ask: showing(
      client_id,
      { issuer: ca, subject: [{ CN: [client_id] }] },
      { issuer: ca, subject: [{ CN: [`another ${client_id}`] }] },
    ).ask,
  }),
  self_signed_tls_client_auth: async ({ client_id }) => {
    const { made, ask } = showing(client_id, {}, {});
    const jwk = (await made[0])?.jwk ?? {};
    return {
      client: without(client_id, 'self_signed_tls_client_auth', { jwks: { keys: [jwk] } }),
      ask,
    };
  },
  spiffe_jwt: ({ client_id, issuer, published }) => {
    const sub = `spiffe://example.org/${client_id}`;
    return {
      client: without(client_id, 'spiffe_jwt', {
        spiffe_id: sub,
        spiffe_bundle_endpoint: published,
      }),
      ask: async (isRight) => {
        const claims = { iss: undefined, jti: undefined, aud: [issuer], sub };
        const svid = await signAssertion(signer(isRight), { claims, header: { typ: 'JWT' } });
        const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe';
        return { body: assertionForm(svid, { client_id, client_assertion_type }) };
      },
    };
  },
  spiffe_x509: ({ client_id }) => {
    const id = `spiffe://example.org/${client_id}`;
    const naming = (value: string): CertificateInit => ({
      issuer: ca,
      names: [{ type: 'url', value }],
      extensions: [digitalSignature],
    });
    return {
      client: without(client_id, 'spiffe_x509', { spiffe_id: id }),
      ask: showing(client_id, naming(id), naming(`${id}-other`)).ask,
    };
  },
} as const satisfies Readonly<Record<string, Make>>;

/** Its names. */
export const everyMethod = Object.keys(
  clientsOfEveryMethod,
) as readonly (keyof typeof clientsOfEveryMethod)[];
