import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { basic } from '../support/http-api-event.ts';
import { testKey } from '../support/test-key.ts';
import { client_id, client_secret } from '../support/token-endpoint.ts';
import { tokenEndpointOnServices } from '../support/token-endpoint-on-services.ts';
import { type Trouble, troubledService } from '../support/troubled-service.ts';

const { troubles, calls, via } = troubledService();
const endpoint = await tokenEndpointOnServices({}, { via });
const form = 'grant_type=client_credentials';

const ask = (secret = client_secret, post = endpoint.post) =>
  post(form, { headers: { authorization: basic(client_id, secret) } });

/** A request with an assertion that nobody has used. */
async function newAssertion(): Promise<string> {
  const key = await testKey('ES256');
  const jwks = { keys: [key.jwk] };
  const token_endpoint_auth_method = 'private_key_jwt';
  await endpoint.register({ client_id: 'signs', token_endpoint_auth_method, jwks });
  const claims = { iss: 'signs', sub: 'signs', jti: randomUUID() };
  return assertionForm(await signAssertion(key, { claims }));
}

const says = (type: string, status = 400): Trouble => ({
  status,
  body: JSON.stringify({ __type: type, message: 'arn:aws:internal:detail of the account' }),
});

const dynamodb = 'com.amazonaws.dynamodb.v20120810#';
const dynamodbTroubles = [
  ['throttling', says(`${dynamodb}ThrottlingException`)],
  ['too many requests', says(`${dynamodb}ProvisionedThroughputExceededException`)],
  ['a quota', says(`${dynamodb}RequestLimitExceeded`)],
  ['access denied', says('com.amazon.coral.service#AccessDeniedException')],
  ['no table', says(`${dynamodb}ResourceNotFoundException`)],
  ['an internal error', says(`${dynamodb}InternalServerError`, 500)],
  ['expired credentials', says('com.amazon.coral.service#ExpiredTokenException')],
  ['HTML', { status: 502, body: '<html>Bad gateway</html>' }],
  ['no JSON', { status: 200, body: 'ok' }],
  ['a broken connection', 'reset'],
  ['silence', 'hang'],
] as const satisfies readonly (readonly [string, Trouble])[];

const kmsTroubles = [
  ['throttling', says('ThrottlingException')],
  ['a quota', says('LimitExceededException')],
  ['access denied', says('AccessDeniedException')],
  ['no key', says('NotFoundException')],
  ['a disabled key', says('DisabledException')],
  ['a key that is to be deleted', says('KMSInvalidStateException')],
  ['a key that is not available', says('KeyUnavailableException', 500)],
  ['a dependency that timed out', says('DependencyTimeoutException', 500)],
  ['an internal error', says('KMSInternalException', 500)],
  ['an empty answer', { status: 200, body: '{}' }],
  ['a broken connection', 'reset'],
  ['silence', 'hang'],
] as const satisfies readonly (readonly [string, Trouble])[];

const cases = [
  ...dynamodbTroubles.map(([name, trouble]) => ['GetItem', name, trouble] as const),
  ...kmsTroubles.map(([name, trouble]) => ['Sign', name, trouble] as const),
];

const unavailable = {
  statusCode: 503,
  headers: expect.objectContaining({ 'Retry-After': '2', 'Cache-Control': 'no-store' }),
  body: {
    error: 'temporarily_unavailable',
    error_description: 'no answer can be given now, try again later',
  },
};

describe('A24: a service in trouble is 503 with Retry-After, never a token or an internal word', () => {
  test.for(cases)('A24: %s answers with %s', async ([operation, , trouble]) => {
    // A new instance, which has not cached the key ring yet.
    const post = endpoint.another();
    troubles.set(operation, trouble);
    const response = await ask(client_secret, post);
    troubles.clear();
    expect(response).toEqual(unavailable);
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'failed',
      error: 'temporarily_unavailable',
      reason: expect.stringMatching(/\w/),
    });
    // The trouble is over: the same instance works.
    expect(await ask(client_secret, post)).toMatchObject({ statusCode: 200 });
  });

  test.for(dynamodbTroubles)('A24: failures that cannot be counted: %s', async ([, trouble]) => {
    troubles.set('UpdateItem', trouble);
    const response = await ask('wrong');
    troubles.clear();
    expect(response).toEqual(unavailable);
  });

  const throttled = says('ThrottlingException');

  test('B08: an assertion that met a throttled KMS gets its token at the next try, and no second one', async () => {
    const form = await newAssertion();
    troubles.set('Sign', throttled);
    expect(await endpoint.post(form)).toEqual(unavailable);
    troubles.clear();
    expect(await endpoint.post(form)).toMatchObject({ statusCode: 200 });
    expect(await endpoint.post(form)).toMatchObject({ statusCode: 400 });
  });

  test.for(dynamodbTroubles)(
    'B08: an assertion stays used where it cannot be given back: %s',
    async ([, trouble]) => {
      const form = await newAssertion();
      troubles.set('Sign', throttled).set('DeleteItem', trouble);
      expect(await endpoint.post(form)).toEqual(unavailable);
      expect(endpoint.audited.at(-1)?.reason).toMatch('ThrottlingException');
      troubles.clear();
      expect(await endpoint.post(form)).toMatchObject({ statusCode: 400 });
    },
  );

  test.for(dynamodbTroubles)(
    'B08: a replay store that answers with %s is 503, and no token',
    async ([, trouble]) => {
      const form = await newAssertion();
      troubles.set('PutItem', trouble);
      expect(await endpoint.post(form)).toEqual(unavailable);
      expect(endpoint.audited.at(-1)).toMatchObject({ outcome: 'failed', client_id: 'signs' });
      troubles.clear();
    },
  );

  test('A24: a call is tried twice and no more, so that the answer comes in time', async () => {
    troubles.set('Sign', says('ThrottlingException'));
    calls.length = 0;
    await ask();
    troubles.clear();
    expect(calls.filter((operation) => operation === 'Sign')).toHaveLength(2);
  });

  test('A24: a registry item that we did not write makes no token', async () => {
    await endpoint.put({ pk: 'client#broken', client_id: 'broken', secrets: 'none' });
    const broken = `${form}&client_id=broken&client_secret=${client_secret}`;
    expect(await endpoint.post(broken)).toMatchObject({
      statusCode: 500,
      body: { error: 'server_error', error_description: 'the request failed' },
    });
    expect(endpoint.audited.at(-1)).toMatchObject({ outcome: 'failed' });
  });
});
