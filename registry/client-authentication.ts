import {
  type AuthMethod,
  type Client,
  type ClientSecret,
  certificateSubjects,
  type ExpectedSubject,
} from '../functions/oauth/client.ts';

/** What a client proves itself with, all of it in one record: absent members are undefined. */
export interface ClientProof extends ExpectedSubject {
  readonly secrets: readonly ClientSecret[];
  readonly jwks: Client['jwks'];
  readonly jwks_uri: Client['jwks_uri'];
  readonly strict_assertion_audience: Client['strict_assertion_audience'];
  readonly trust: Client['trust'];
}

/** The kinds of what a client may prove itself with. */
export type ProofKind = 'secrets' | 'keys' | 'audience' | 'rules' | 'subject';

const members: Readonly<Record<ProofKind, readonly (keyof ClientProof)[]>> = {
  secrets: ['secrets'],
  keys: ['jwks', 'jwks_uri'],
  audience: ['strict_assertion_audience'],
  rules: ['trust'],
  subject: certificateSubjects,
};

/** Method -> what it uses; what it cannot do without comes first. */
const used: Readonly<Record<AuthMethod, readonly [ProofKind, ...ProofKind[]]>> = {
  client_secret_basic: ['secrets'],
  client_secret_post: ['secrets'],
  private_key_jwt: ['keys', 'audience'],
  federated: ['rules'],
  tls_client_auth: ['subject'],
  self_signed_tls_client_auth: ['keys'],
};

/** Whether a method is to be proved with something of this kind. */
export const usesKind = (method: AuthMethod, kind: ProofKind): boolean =>
  used[method].includes(kind);

/** What a method cannot do without. */
export const neededKind = (method: AuthMethod): ProofKind => used[method][0];

/** The methods by which a client shows a secret that both sides know. */
export type SecretMethod = Extract<AuthMethod, `client_secret_${string}`>;

/** Whether a client shows a secret by this method. */
export const isSecretMethod = (method: AuthMethod): method is SecretMethod =>
  usesKind(method, 'secrets');

const nothing: ClientProof = {
  secrets: [],
  jwks: undefined,
  jwks_uri: undefined,
  strict_assertion_audience: false,
  trust: [],
  ...Object.fromEntries(certificateSubjects.map((name) => [name, undefined])),
};

/**
 * What a client proves itself with by a method: of what it has, that which the method uses, and what
 * is given now.
 */
export function proofFor(
  method: AuthMethod,
  before: Partial<ClientProof>,
  given: Partial<ClientProof>,
): ClientProof {
  const kept = used[method].flatMap((kind) => members[kind]);
  const entries = kept.flatMap((name) => (name in before ? [[name, before[name]]] : []));
  return { ...nothing, ...Object.fromEntries(entries), ...given };
}

/** Of a client, the members that its method does not use. */
export function unusedMembers({
  token_endpoint_auth_method: method,
}: Pick<Client, 'token_endpoint_auth_method'>): readonly (keyof ClientProof)[] {
  const unused = Object.entries(members).filter(([kind]) => !usesKind(method, kind as ProofKind));
  return unused.flatMap(([, names]) => names);
}

const words: Readonly<Record<ProofKind, string | undefined>> = {
  secrets: 'its secrets',
  keys: 'its public keys',
  // The strict audience is worth no question.
  audience: undefined,
  rules: 'its trust rules',
  subject: 'the subject of its certificate',
};

/** What a client loses when it changes to a method, in words for people. */
export function lostBy(method: AuthMethod, client: ClientProof): readonly string[] {
  return kindsOf(client).flatMap((kind) => (usesKind(method, kind) ? [] : (words[kind] ?? [])));
}

/** The kinds of what a client has. */
export function kindsOf(client: ClientProof): readonly ProofKind[] {
  const kinds = Object.keys(members) as readonly ProofKind[];
  return kinds.filter((kind) => members[kind].some((name) => isThere(client[name])));
}

const isThere = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
