import { expect, test } from 'vitest';
import { tokenTrial } from '../../../functions/administration/secret-rotation/token-trial.ts';
import type { Client } from '../../../functions/oauth/client.ts';
import { newClientSecret } from '../../../functions/oauth/client-secret.ts';
import { profiles } from '../../../functions/oauth/profile.ts';
import { api, aSecret } from '../../support/a-client.ts';
import { httpApiEvent } from '../../support/http-api-event.ts';
import { tokenEndpoint } from '../../support/token-endpoint.ts';

const token_endpoint = 'https://as.example.com/token';
const secret = newClientSecret();

/** Tries a secret out at a token endpoint that has a client with the one above. */
async function tryingOut(
  special: Partial<Client>,
  { shown = secret, ...others }: { shown?: string } & Parameters<typeof tokenEndpoint>[0] = {},
) {
  const { handler, register, clients } = await tokenEndpoint(others);
  const client_id = 'https://billing.example.com/a:b';
  await register({ client_id, secrets: [aSecret(secret)], ...special });
  const requests: Request[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    requests.push(request.clone());
    const headers = Object.fromEntries(request.headers);
    const event = httpApiEvent({ headers, body: await request.text() });
    const { statusCode, body, headers: answered } = await handler(event);
    return new Response(body, { status: statusCode, headers: answered });
  };
  const client = await clients.read(client_id, 'strong');
  if (!client) throw new Error('not registered');
  return { tried: tokenTrial({ token_endpoint, fetch })(client, shown), requests };
}

const other = 'https://other.example.com';
const scope = new Set(['read']);

test.for<[string, Partial<Client>]>([
  ['a client by Basic', {}],
  ['a client that posts its secret', { token_endpoint_auth_method: 'client_secret_post' }],
  [
    'a client of several APIs',
    {
      grants: new Map([
        [api, scope],
        [other, scope],
      ]),
    },
  ],
  ['a client whose tokens are bound to a key', { dpop_bound_access_tokens: true }],
  ['one whose are to a certificate', { tls_client_certificate_bound_access_tokens: true }],
  ['a client that only introspects', { grants: new Map(), introspection_resources: [api] }],
])('a secret is tried out for %s', async ([, special]) => {
  const { tried, requests } = await tryingOut(special);
  await expect(tried).resolves.toBeUndefined();
  expect(requests.map(({ url, method, redirect }) => [url, method, redirect])).toEqual([
    [token_endpoint, 'POST', 'manual'],
  ]);
});

test.for<[string, Partial<Client>]>([
  ['a client', {}],
  ['a client whose tokens are bound to a key', { dpop_bound_access_tokens: true }],
  ['one whose are to a certificate', { tls_client_certificate_bound_access_tokens: true }],
  ['a client without a grant', { grants: new Map() }],
])('another secret is refused for %s', async ([, special]) => {
  const { tried } = await tryingOut(special, { shown: newClientSecret() });
  await expect(tried).rejects.toThrow(
    /^the token endpoint https:\/\/as\.example\.com\/token answers the new secret of the client https:\/\/billing\.example\.com\/a:b with 401 invalid_client.*: the secret was revoked meanwhile, or the profile of the deployment takes no secrets$/,
  );
});

test('a profile without secrets is named', async () => {
  const { tried } = await tryingOut({}, { profile: profiles.fapi2 });
  await expect(tried).rejects.toThrow('or the profile of the deployment takes no secrets');
});

const answering = (answer: () => Promise<Response>) =>
  tokenTrial({ token_endpoint, fetch: answer });

const aBoundClient = async () => {
  const { clients } = await tokenEndpoint();
  const client = await clients.read('s6BhdRkqt3', 'strong');
  if (!client) throw new Error('not registered');
  return client;
};

test.for<[string, Response, string]>([
  [
    'a door for certificates',
    new Response('no', { status: 403 }),
    '403 and no error: what stands before it lets nobody in without a client certificate',
  ],
  [
    'a busy endpoint',
    new Response('{"error":"slow_down"}', { status: 429 }),
    '429 slow_down: too many requests; this step can be run again',
  ],
  [
    'one in trouble',
    new Response('{"error":"temporarily_unavailable"}', { status: 503 }),
    '503 temporarily_unavailable: it is in trouble; this step can be run again',
  ],
  [
    'a redirect',
    new Response(null, { status: 302, headers: { location: 'https://x.example' } }),
    '302 and no error',
  ],
  [
    'an error that is no code',
    new Response(JSON.stringify({ error: `not ${secret}` }), { status: 400 }),
    '400 and no error: look for this request',
  ],
  ['an answer that is null', new Response('null', { status: 500 }), '500 and no error'],
])('%s is named, without what it says', async ([, response, sentence]) => {
  const refused = answering(async () => response)(await aBoundClient(), secret);
  await expect(refused).rejects.toThrow(`s6BhdRkqt3 with ${sentence}`);
  await expect(refused).rejects.not.toThrow(secret);
});

test.for<[string, Error]>([
  [
    'ECONNREFUSED',
    new TypeError('fetch failed', {
      cause: Object.assign(new Error(secret), { code: 'ECONNREFUSED' }),
    }),
  ],
  [
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    new TypeError('fetch failed', {
      cause: Object.assign(new Error(), { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' }),
    }),
  ],
  ['TimeoutError', new DOMException('late', 'TimeoutError')],
  ['Error', 'nothing' as never],
])('an endpoint that cannot be reached is named: %s', async ([code, error]) => {
  const failed = answering(() => Promise.reject(error))(await aBoundClient(), secret);
  await expect(failed).rejects.toThrow(
    `the token endpoint ${token_endpoint} cannot be reached: ${code}`,
  );
  await expect(failed).rejects.not.toThrow(secret);
});
