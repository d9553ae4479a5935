import { randomBytes } from 'node:crypto';
import type { Target } from './target.ts';

/** A client of a try, and its token. */
export interface TryClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly access_token: string;
}

/** A way to take tokens back. */
export interface Way {
  readonly title: string;
  /** Whether it takes back the tokens of all clients, so that no other try can go on beside it. */
  readonly isForAll?: true;
  revoke(target: Target, client: TryClient): Promise<void>;
}

/** What is measured. */
export const ways: readonly Way[] = [
  {
    title: 'client disable',
    revoke: (target, { client_id }) => target.command(['client', 'disable', client_id]).then(none),
  },
  {
    title: 'client revoke-tokens',
    revoke: (target, { client_id }) =>
      target.command(['client', 'revoke-tokens', client_id, '--yes']).then(none),
  },
  {
    title: 'POST /revoke',
    async revoke(target, { access_token, ...client }) {
      const answer = await post(`${target.issuer}/revoke`, client, { token: access_token });
      if (answer.status !== 200) throw new Error(`/revoke answers ${answer.status}`);
    },
  },
  {
    title: 'key revoke',
    isForAll: true,
    async revoke(target, { access_token }) {
      const [header = ''] = access_token.split('.');
      const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
      await target.command(['key', 'revoke', kid, '--replace', '--yes']);
    },
  },
];

const none = () => undefined;

/** Registers a client that may call the API, and gets a token as it. */
export async function newTryClient(target: Target): Promise<TryClient> {
  const client_id = `bench-${randomBytes(6).toString('hex')}`;
  const grant = ['--grant', `${target.resource}=read`];
  const create = ['client', 'create', '--name', client_id, '--client-id', client_id];
  const created = await target.command([...create, ...grant]);
  const { client_secret } = created as { readonly client_secret: string };
  const client = { client_id, client_secret };
  return { ...client, access_token: await newToken(target, client) };
}

async function newToken({ issuer }: Target, client: Omit<TryClient, 'access_token'>) {
  const answer = await post(`${issuer}/token`, client, { grant_type: 'client_credentials' });
  const { access_token, error } = (await answer.json()) as Record<string, string>;
  if (access_token === undefined) throw new Error(`no token for a client of the bench: ${error}`);
  return access_token;
}

function post(
  url: string,
  { client_id, client_secret }: Omit<TryClient, 'access_token'>,
  form: Readonly<Record<string, string>>,
): Promise<Response> {
  const authorization = `Basic ${btoa(`${client_id}:${client_secret}`)}`;
  return fetch(url, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams(form),
  });
}
