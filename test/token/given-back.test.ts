import { describe, expect, test } from 'vitest';
import type { SigningKey, SigningKeys } from '../../functions/oauth/jws.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import type { ReplayGuard } from '../../functions/oauth/replay.ts';
import type { TokenEndpoint } from '../../functions/token/handler.ts';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { json } from '../support/document-server.ts';
import { dpopKey, signProof } from '../support/dpop.ts';
import { basic } from '../support/http-api-event.ts';
import { memoryPlatform } from '../support/memory/memory-documents.ts';
import { memoryReplayGuard } from '../support/memory/memory-replay-guard.ts';
import { memorySigningKeys } from '../support/memory/memory-signing-keys.ts';
import { testKey } from '../support/test-key.ts';
import {
  client_id,
  client_secret,
  issuer,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const key = await testKey('ES256');
const proofKey = await dpopKey();
const platform = memoryPlatform();
platform.replies.set('/keys', json({ keys: [key.jwk] }));
const endpoint = await tokenEndpoint({}, { fetch: platform.fetch });
const healthy = await memorySigningKeys('RS256');

await endpoint.register({
  client_id: 'signs',
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [key.jwk] },
});
const rule = { issuer: platform.url, subject: 'job', subject_glob: undefined, audience: issuer };
await endpoint.register({
  client_id: 'works',
  token_endpoint_auth_method: 'federated',
  trust: [{ ...rule, claims: {}, single_use: true, max_lifetime: 3600 }],
});

type Init = Parameters<typeof endpoint.post>[1];
type Request = readonly [form: string, init?: Init];

const ofClient = { claims: { iss: 'signs', sub: 'signs' } };
const asserted = async () => assertionForm(await signAssertion(key, ofClient));
const proof = async () => ({ DPoP: await signProof(proofKey) });

/** Requests with what counts once. */
const requests: readonly (readonly [what: string, make: () => Promise<Request>])[] = [
  ['B08: an assertion', async () => [await asserted()]],
  [
    'B08: the JWT of a platform',
    async () => {
      const claims = { iss: platform.url, sub: 'job' };
      return [assertionForm(await signAssertion(key, { claims }), { client_id: 'works' })];
    },
  ],
  [
    'D08: a DPoP proof',
    async () => {
      const headers = { authorization: basic(client_id, client_secret), ...(await proof()) };
      return ['grant_type=client_credentials', { headers }];
    },
  ],
  [
    'B08, D08: an assertion and a DPoP proof',
    async () => [await asserted(), { headers: await proof() }],
  ],
];

/** Signing keys of which the active one signs so. */
const signingBy = (sign: SigningKey['sign']): SigningKeys => ({
  active: async () => ({ ...(await healthy.active()), sign }),
  successorOf: healthy.successorOf,
});
const throttled = () => Promise.reject(unavailable('KMS is throttled'));
const kmsThrottled = { signingKeys: signingBy(throttled) };
const faulty = () => Promise.reject(new TypeError('of undefined'));

/** Why there is no signature, until it is over. */
const troubles: readonly (readonly [what: string, trouble: Partial<TokenEndpoint>])[] = [
  ['KMS is throttled', kmsThrottled],
  ['there is no active key', { signingKeys: { ...healthy, active: throttled } }],
  ['the profile excludes the algorithm', { profile: { ...profiles.none, maySign: () => false } }],
  ['the fault is ours', { signingKeys: signingBy(faulty) }],
];

/** Instances that share the uses of what counts once. */
const shared = (replays: ReplayGuard = memoryReplayGuard(() => stoppedAt)) => {
  const instance = (special: Partial<TokenEndpoint> = {}) => {
    const post = endpoint.another({ replays, ...special });
    return async ([form, init]: Request) => (await post(form, init)).statusCode;
  };
  return { instance, ask: instance() };
};

const wasUsed = (status: number) => status === 400;

describe.for(requests)('%s', ([, make]) => {
  test.for(troubles)('is given back where %s', async ([, trouble]) => {
    const { instance, ask } = shared();
    const failing = instance(trouble);
    const request = await make();
    for (let times = 0; times < 2; times += 1) expect(await failing(request)).toBeOneOf([500, 503]);
    expect(await ask(request)).toBe(200);
    expect(await ask(request)).toSatisfy(wasUsed);
  });

  test('gets one token, however many come at once while signatures fail', async () => {
    const { instance } = shared();
    let signatures = 0;
    const busy: SigningKeys = {
      ...healthy,
      active: async () => {
        signatures += 1;
        return (signatures % 3 === 0 ? healthy : kmsThrottled.signingKeys).active();
      },
    };
    const request = await make();
    const instances = [1, 2, 3].map(() => instance({ signingKeys: busy }));
    const statuses: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      statuses.push(...(await Promise.all(instances.map((ask) => ask(request)))));
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses).toContain(503);
  });

  test('stays used where it cannot be given back', async () => {
    const guard = memoryReplayGuard(() => stoppedAt);
    const { instance, ask } = shared({
      firstUse: async (...use) => (await guard.firstUse(...use)) && (async () => undefined),
    });
    const request = await make();
    expect(await instance(kmsThrottled)(request)).toBe(503);
    expect(await ask(request)).toSatisfy(wasUsed);
  });
});

describe('B08, D08: of an assertion and a proof both are used up, or none', () => {
  test('a proof is given back where the assertion was used before', async () => {
    const { ask } = shared();
    const used = await asserted();
    expect(await ask([used])).toBe(200);
    const headers = await proof();
    expect(await ask([used, { headers }])).toBe(400);
    expect(await ask([await asserted(), { headers }])).toBe(200);
  });

  test('a proof is given back where the use of the assertion cannot be written', async () => {
    const guard = memoryReplayGuard(() => stoppedAt);
    const down = new Set(['assertion']);
    const { ask } = shared({
      firstUse: async (identifier, expires_at) => {
        const [kind = ''] = identifier.split('#');
        if (down.has(kind)) throw unavailable('the table is throttled');
        return await guard.firstUse(identifier, expires_at);
      },
    });
    const request: Request = [await asserted(), { headers: await proof() }];
    expect(await ask(request)).toBe(503);
    down.clear();
    expect(await ask(request)).toBe(200);
  });
});
