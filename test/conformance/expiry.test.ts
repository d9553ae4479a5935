import { expect, test } from 'vitest';
import { expiryCases } from './cases/rfc9068-expiry.ts';
import { type Deployment, Nonconformity } from './conformance-case.ts';

/** The one case that has to wait, on a deployment whose clock goes by leaps. */

const [expiry] = expiryCases;

/** How an API treats tokens. */
interface Api {
  /** Seconds. */
  readonly tokenLifetime?: number;
  /** Whether it lets in a token with this exp now. */
  isLetIn(exp: number, now: number): boolean;
}

/** An issuer whose tokens say nothing but their times, and an API behind it. */
function deploymentWith({ tokenLifetime = 60, isLetIn }: Api) {
  const clock = { now: 1_700_000_000 };
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const newToken = () => {
    const claims = { iat: clock.now, exp: clock.now + tokenLifetime };
    return `${encoded({ alg: 'RS256' })}.${encoded(claims)}.c2ln`;
  };
  const answers = {
    '/token': () => ({ status: 200, body: JSON.stringify({ access_token: newToken() }) }),
    '/api': (token: string) => {
      const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      return { status: isLetIn(exp, clock.now) ? 200 : 401, body: '' };
    },
  } as const;
  const deployment: Deployment = {
    issuer: 'https://issuer.example',
    api: 'https://issuer.example/api',
    apiHtu: '',
    endpoint: () => new URL('https://issuer.example/token'),
    client: (name) => ({ client_id: name, client_secret: 'secret' }),
    certificate: () => ({ cert: '', key: '' }),
    resource: (name) => name,
    now: () => clock.now,
    wait: async (seconds) => {
      clock.now += seconds;
    },
    send: async ({ url, headers = [] }) => {
      const [, token = ''] = headers[0]?.[1].split(' ') ?? [];
      const answer = url.pathname === '/token' ? answers['/token']() : answers['/api'](token);
      return { ...answer, headers: [] };
    },
    saw: () => undefined,
  };
  return { deployment, waited: () => clock.now - 1_700_000_000 };
}

test.for<[what: string, api: Api]>([
  ['refuses a token at once', { isLetIn: (exp, now) => now < exp }],
  ['has a clock that is a minute late', { isLetIn: (exp, now) => now < exp + 60 }],
  ['remembers its answers for a minute, too', { isLetIn: (exp, now) => now < exp + 120 }],
  ['has tokens that live shorter', { tokenLifetime: 30, isLetIn: (exp, now) => now < exp }],
])('I07: an API that %s conforms', async ([, api]) => {
  const { deployment, waited } = deploymentWith(api);
  await expiry?.run(deployment);
  expect(waited()).toBeLessThanOrEqual(expiry?.waits ?? 0);
});

test.for<[what: string, api: Api, reason: string]>([
  ['overlooks exp', { isLetIn: () => true }, 'a token is let in 130 s after it has expired'],
  [
    'has a clock that is three minutes late',
    { isLetIn: (exp, now) => now < exp + 180 },
    'a token is let in 130 s after it has expired',
  ],
  [
    'closes after the first call',
    { isLetIn: (_, now) => now === 1_700_000_000 },
    'a fresh token is answered 401',
  ],
  ['lets nobody in', { isLetIn: () => false }, 'a new token is answered 401'],
  [
    'has tokens that live for an hour',
    { tokenLifetime: 3600, isLetIn: (exp, now) => now < exp },
    'the token lives for 3600 s, not for 60 s',
  ],
])('I07: an API that %s does not conform', async ([, api, reason]) => {
  const { deployment, waited } = deploymentWith(api);
  await expect(expiry?.run(deployment)).rejects.toThrow(new Nonconformity(reason));
  expect(waited()).toBeLessThanOrEqual(expiry?.waits ?? 0);
});
