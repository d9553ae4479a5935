import { expect, test } from 'vitest';
import { revokedAtApiCases } from './cases/revoked-at-api.ts';
import { type Deployment, Nonconformity, NotOffered } from './conformance-case.ts';

/** The case that waits until an API hears of a revocation, on a deployment whose clock goes by leaps. */

const [revocation] = revokedAtApiCases;

const paths: Readonly<Record<string, string>> = {
  token_endpoint: 'token',
  revocation_endpoint: 'revoke',
};

/** How an API treats tokens: whether it lets in the one that was revoked, or the other, so many seconds later. */
type IsLetIn = (token: string, seconds: number) => boolean;

function deploymentWith(isLetIn: IsLetIn, revoked = 200) {
  const clock = { seconds: 0 };
  let tokens = 0;
  const metadata = { revocation_endpoint: 'https://issuer.example/revoke' };
  const answers: Readonly<Record<string, (token: string) => { status: number; body: string }>> = {
    '/.well-known/oauth-authorization-server': () => ({
      status: 200,
      body: JSON.stringify(metadata),
    }),
    '/token': () => {
      tokens += 1;
      return { status: 200, body: JSON.stringify({ access_token: `token-${tokens}` }) };
    },
    '/revoke': () => ({ status: revoked, body: '' }),
    '/api': (token) => ({ status: isLetIn(token, clock.seconds) ? 200 : 401, body: '' }),
  };
  const deployment: Deployment = {
    issuer: 'https://issuer.example',
    api: 'https://issuer.example/api',
    apiHtu: '',
    endpoint: (name) => new URL(`https://issuer.example/${paths[name] ?? ''}`),
    client: (name) => ({ client_id: name, client_secret: 'secret' }),
    certificate: () => ({ cert: '', key: '' }),
    resource: (name) => name,
    now: () => 1_700_000_000 + clock.seconds,
    wait: async (seconds) => {
      clock.seconds += seconds;
    },
    send: async ({ url, headers = [] }) => {
      const [, token = ''] = headers[0]?.[1].split(' ') ?? [];
      const answer = answers[url.pathname]?.(token);
      if (!answer) throw new Error(`nothing is at ${url}`);
      return { ...answer, headers: [] };
    },
    saw: () => undefined,
  };
  return { deployment, waited: () => clock.seconds };
}

const isOther = (token: string) => token !== 'token-1';
/** The first call comes before the revocation. */
const firstCall = () => {
  let calls = 0;
  return () => {
    calls += 1;
    return calls === 1;
  };
};

test.for([0, 1, 10, 20])('I13: an API that refuses it %i s later conforms', async (respite) => {
  const isFirst = firstCall();
  const { deployment, waited } = deploymentWith(
    (token, seconds) => isOther(token) || isFirst() || seconds < respite,
  );
  await revocation?.run(deployment);
  expect(waited()).toBe(respite);
  expect(waited()).toBeLessThanOrEqual(revocation?.waits ?? 0);
});

test('I13: an API that does not hear of it is none of those', async () => {
  const { deployment } = deploymentWith(() => true);
  await expect(revocation?.run(deployment)).rejects.toThrow(
    new NotOffered('the API lets in a token 20 s after it was revoked'),
  );
});

test.for<[what: string, isLetIn: () => IsLetIn, reason: string, revoked?: number]>([
  ['lets nobody in', () => () => false, 'a new token is not let in'],
  [
    'refuses all tokens of the client',
    () => (_, seconds) => seconds < 5,
    'another token of the client is answered 401',
  ],
  [
    'lets it in again',
    () => {
      let calls = 0;
      return (token) => {
        calls += isOther(token) ? 0 : 1;
        return isOther(token) || calls !== 2;
      };
    },
    'a revoked token that was refused is let in again',
  ],
  ['stands beside an issuer that fails', () => () => true, 'its revocation is answered 503', 503],
])('I13: an API that %s does not conform', async ([, isLetIn, reason, revoked]) => {
  const { deployment } = deploymentWith(isLetIn(), revoked);
  await expect(revocation?.run(deployment)).rejects.toThrow(new Nonconformity(reason));
});
