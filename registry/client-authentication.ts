import {
  type AuthMethod,
  type Client,
  type ClientSecret,
  certificateSubjects,
  type ExpectedSubject,
} from '../functions/oauth/client.ts';

/** What a client authenticates with, all of it in one record: absent members are undefined. */
export interface ClientCredentials extends ExpectedSubject {
  readonly secrets: readonly ClientSecret[];
  readonly jwks: Client['jwks'];
  readonly jwks_uri: Client['jwks_uri'];
  readonly strict_assertion_audience: Client['strict_assertion_audience'];
  readonly trust: Client['trust'];
  readonly spiffe_id?: Client['spiffe_id'];
  readonly spiffe_bundle_endpoint?: Client['spiffe_bundle_endpoint'];
}

/** The kinds of credentials; each is one or more members of a client. */
export type CredentialKind =
  | 'secrets'
  | 'keys'
  | 'audience'
  | 'rules'
  | 'subject'
  | 'bundle'
  | 'workload';

const membersOfKind: Readonly<Record<CredentialKind, readonly (keyof ClientCredentials)[]>> = {
  secrets: ['secrets'],
  keys: ['jwks', 'jwks_uri'],
  audience: ['strict_assertion_audience'],
  rules: ['trust'],
  subject: certificateSubjects,
  bundle: ['spiffe_bundle_endpoint'],
  workload: ['spiffe_id'],
};

/** Method -> the kinds that it uses. */
const kindsOfMethod: Readonly<Record<AuthMethod, readonly CredentialKind[]>> = {
  client_secret_basic: ['secrets'],
  client_secret_post: ['secrets'],
  private_key_jwt: ['keys', 'audience'],
  federated: ['rules'],
  tls_client_auth: ['subject'],
  self_signed_tls_client_auth: ['keys'],
  spiffe_jwt: ['bundle', 'workload'],
  spiffe_x509: ['workload'],
};

/** Whether a client that authenticates by this method uses credentials of this kind. */
export const usesKind = (method: AuthMethod, kind: CredentialKind): boolean =>
  kindsOfMethod[method].includes(kind);

/** The kinds that a method cannot do without: all but a setting. */
export const neededKinds = (method: AuthMethod): readonly CredentialKind[] =>
  kindsOfMethod[method].filter((kind) => kind !== 'audience');

/** The methods by which a client shows a secret that both sides know. */
export type SecretMethod = Extract<AuthMethod, `client_secret_${string}`>;

/** Whether a client shows a secret by this method. */
export const isSecretMethod = (method: AuthMethod): method is SecretMethod =>
  usesKind(method, 'secrets');

const noCredentials: ClientCredentials = {
  secrets: [],
  jwks: undefined,
  jwks_uri: undefined,
  strict_assertion_audience: false,
  trust: [],
  spiffe_id: undefined,
  spiffe_bundle_endpoint: undefined,
  ...Object.fromEntries(certificateSubjects.map((name) => [name, undefined])),
};

/**
 * The credentials of a client that authenticates by this method: those that are given now, and of
 * those that it had before the ones that the method uses.
 */
export function credentialsFor(
  method: AuthMethod,
  before: Partial<ClientCredentials>,
  given: Partial<ClientCredentials>,
): ClientCredentials {
  const kept = kindsOfMethod[method].flatMap((kind) => membersOfKind[kind]);
  const entries = kept.flatMap((name) => (name in before ? [[name, before[name]]] : []));
  return { ...noCredentials, ...Object.fromEntries(entries), ...given };
}

/** The members of a client that its method does not use. */
export function unusedMembers({
  token_endpoint_auth_method: method,
}: Pick<Client, 'token_endpoint_auth_method'>): readonly (keyof ClientCredentials)[] {
  const unused = allKinds.filter((kind) => !usesKind(method, kind));
  return unused.flatMap((kind) => membersOfKind[kind]);
}

const namesForPeople: Readonly<Record<CredentialKind, string | undefined>> = {
  secrets: 'its secrets',
  keys: 'its public keys',
  // A setting rather than a credential: losing it is not worth a question.
  audience: undefined,
  rules: 'its trust rules',
  subject: 'the subject of its certificate',
  bundle: 'its bundle endpoint',
  workload: 'its SPIFFE ID',
};

/** What a client loses when it changes to a method, in words for people. */
export function credentialsLostBy(
  method: AuthMethod,
  client: ClientCredentials,
): readonly string[] {
  const lost = presentKinds(client).filter((kind) => !usesKind(method, kind));
  return lost.flatMap((kind) => namesForPeople[kind] ?? []);
}

/** The kinds of credentials that a client has. */
export function presentKinds(client: ClientCredentials): readonly CredentialKind[] {
  return allKinds.filter((kind) => membersOfKind[kind].some((name) => isPresent(client[name])));
}

/** The kind of credentials that a member of a client is; undefined: none. */
export const kindOfMember = (name: string): CredentialKind | undefined =>
  allKinds.find((kind) => membersOfKind[kind].some((member) => member === name));

const allKinds = Object.keys(membersOfKind) as readonly CredentialKind[];

const isPresent = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
