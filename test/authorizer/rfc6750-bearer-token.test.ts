import { describe, expect, test } from 'vitest';
import { events, httpEvent, restEvent, tokenEvent } from './events.ts';
import { testAuthorizer } from './test-authorizer.ts';

describe('RFC 6750 §2.1 the Authorization header', () => {
  test.for(Object.keys(events))('I01: a token in the header is taken (%s)', async (format) => {
    const { handler, bearer } = await testAuthorizer();
    const event = events[format as keyof typeof events](await bearer());
    expect(await handler(event)).toMatchObject(
      format === 'HTTP' ? { isAuthorized: true } : { principalId: 's6BhdRkqt3' },
    );
  });

  test.for(['bearer', 'BEARER', 'bEaReR'])('I01: the scheme may be written %s', async (scheme) => {
    const { handler, bearer } = await testAuthorizer();
    const authorization = (await bearer()).replace('Bearer', scheme);
    expect(await handler(httpEvent(authorization))).toMatchObject({ isAuthorized: true });
  });

  test.for(['authorization', 'Authorization', 'AUTHORIZATION'])(
    'I01: the header may be named %s',
    async (name) => {
      const { handler, bearer } = await testAuthorizer();
      const event = httpEvent(undefined, { headers: { [name]: await bearer() } });
      expect(await handler(event)).toMatchObject({ isAuthorized: true });
    },
  );

  test.for<[string, (bearer: string) => unknown]>([
    ['no token', () => 'Bearer'],
    ['an empty token', () => 'Bearer '],
    ['no scheme', (bearer) => bearer.replace('Bearer ', '')],
    ['another scheme', (bearer) => bearer.replace('Bearer', 'Basic')],
    ['a scheme that only begins alike', (bearer) => bearer.replace('Bearer', 'Bearers')],
    ['a tab for the space', (bearer) => bearer.replace(' ', '\t')],
    ['a space before the scheme', (bearer) => ` ${bearer}`],
    ['a space behind the token', (bearer) => `${bearer} `],
    ['a line break behind the token', (bearer) => `${bearer}\n`],
    ['two headers joined by a comma', (bearer) => `${bearer},${bearer}`],
    ['two headers joined by a comma and a space', (bearer) => `${bearer}, ${bearer}`],
    ['a second token', (bearer) => `${bearer} ${bearer}`],
    ['a character outside b64token', (bearer) => `${bearer}"`],
    ['an equals sign inside', (bearer) => bearer.replace('.', '=.')],
    ['a number for a text', () => 7],
    ['no header', () => undefined],
  ])('I01: %s is refused', async ([, change]) => {
    const { handler, bearer, log, issuer } = await testAuthorizer();
    const authorization = change(await bearer());
    const foreign = httpEvent(undefined, { headers: { authorization } });
    await expect(handler(foreign)).rejects.toThrow(/^Unauthorized$/);
    await expect(
      handler(restEvent(undefined, { multiValueHeaders: { authorization: [authorization] } })),
    ).rejects.toThrow(/^Unauthorized$/);
    await expect(
      handler(tokenEvent(undefined, { authorizationToken: authorization })),
    ).rejects.toThrow(/^Unauthorized$/);
    expect(log.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused']);
    expect(issuer.requests).toEqual([]);
  });

  test.for<[string, (bearer: string) => Record<string, unknown>]>([
    ['twice', (bearer) => ({ multiValueHeaders: { Authorization: [bearer, bearer] } })],
    [
      'once right and once wrong',
      (bearer) => ({ multiValueHeaders: { Authorization: ['x', bearer] } }),
    ],
    [
      'under two spellings',
      (bearer) => ({
        headers: { Authorization: bearer, authorization: bearer },
        multiValueHeaders: undefined,
      }),
    ],
    [
      'with another value among the single ones',
      (bearer) => ({
        headers: { Authorization: 'Bearer x' },
        multiValueHeaders: { Authorization: [bearer] },
      }),
    ],
  ])('I01: a header that comes %s is refused', async ([, change]) => {
    const { handler, bearer, log } = await testAuthorizer();
    const authorization = await bearer();
    const event = restEvent(authorization, change(authorization));
    await expect(handler(event)).rejects.toThrow(/^Unauthorized$/);
    expect(log[0]).toMatchObject({ reason: 'more than one Authorization header' });
  });

  test('I01: a REST event without multi-value headers is read as well', async () => {
    const { handler, bearer } = await testAuthorizer();
    const event = restEvent(await bearer(), { multiValueHeaders: null });
    expect(await handler(event)).toMatchObject({ principalId: 's6BhdRkqt3' });
  });
});

describe('RFC 6750 §2.3 the query', () => {
  test.for<[string, Record<string, unknown>]>([
    ['in the query', { queryStringParameters: { access_token: 'x' } }],
    ['in the query, empty', { queryStringParameters: { access_token: '' } }],
    ['in the query, repeated', { multiValueQueryStringParameters: { access_token: ['x', 'y'] } }],
    ['in the raw query', { rawQueryString: 'page=2&access_token=x' }],
    ['in the raw query, encoded', { rawQueryString: '%61ccess_token=x' }],
  ])('I02: a token %s is refused, even beside the header', async ([, change]) => {
    const { handler, bearer, log } = await testAuthorizer();
    for (const authorization of [await bearer(), undefined]) {
      await expect(handler(httpEvent(authorization, change))).rejects.toThrow(/^Unauthorized$/);
      await expect(handler(restEvent(authorization, change))).rejects.toThrow(/^Unauthorized$/);
    }
    expect(new Set(log.map(({ reason }) => reason))).toEqual(
      new Set(['an access token in the query']),
    );
  });

  test('I02: other parameters do no harm', async () => {
    const { handler, bearer } = await testAuthorizer();
    const query = { queryStringParameters: { page: '2' }, rawQueryString: 'page=2' };
    expect(await handler(httpEvent(await bearer(), query))).toMatchObject({ isAuthorized: true });
  });
});

describe('RFC 8725 §3.2 size', () => {
  test('I18: a token over 16 KB is refused before it is decoded', async () => {
    const { handler, log, issuer } = await testAuthorizer();
    const token = 'x'.repeat(16_385);
    await expect(handler(httpEvent(`Bearer ${token}`))).rejects.toThrow(/^Unauthorized$/);
    expect(log[0]).toMatchObject({ reason: 'an access token that is too long' });
    await expect(handler(httpEvent(`Bearer ${token.slice(1)}`))).rejects.toThrow(/^Unauthorized$/);
    expect(log[1]).toMatchObject({ reason: 'the token is not a JWT' });
    expect(issuer.requests).toEqual([]);
  });
});

describe('events of another shape', () => {
  test.for<[string, (bearer: string) => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['text', () => 'event'],
    ['a list', () => []],
    ['an empty object', () => ({})],
    ['another version', (bearer) => httpEvent(bearer, { version: '3.0' })],
    ['a version that is no text', (bearer) => httpEvent(bearer, { version: 2 })],
    ['another type', (bearer) => restEvent(bearer, { type: 'JWT' })],
    ['a type that is no text', (bearer) => restEvent(bearer, { type: { toString: 1 } })],
    ['no route key', (bearer) => httpEvent(bearer, { routeKey: undefined })],
    ['no resource', (bearer) => restEvent(bearer, { resource: undefined })],
    ['no method', (bearer) => restEvent(bearer, { httpMethod: undefined })],
    ['no method ARN', (bearer) => restEvent(bearer, { methodArn: undefined })],
    [
      'a method ARN with a wildcard',
      (bearer) =>
        tokenEvent(bearer, { methodArn: 'arn:aws:execute-api:us-east-1:123456789012:*/prod/GET/' }),
    ],
    [
      'the ARN of something else',
      (bearer) =>
        tokenEvent(bearer, { methodArn: 'arn:aws:lambda:us-east-1:123456789012:function:x' }),
    ],
    [
      'a WebSocket connection',
      (bearer) => ({
        type: 'REQUEST',
        methodArn: 'arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod/$connect',
        headers: { Authorization: bearer },
      }),
    ],
    [
      'an AppSync request',
      (bearer) => ({ authorizationToken: bearer, requestContext: { apiId: 'x' } }),
    ],
  ])('I14: %s is refused, good token or not', async ([, change]) => {
    const { handler, bearer, log } = await testAuthorizer();
    await expect(handler(change(await bearer()))).rejects.toThrow(/^Unauthorized$/);
    expect(log).toHaveLength(1);
    expect(log[0]).toMatchObject({ outcome: 'refused' });
  });
});
