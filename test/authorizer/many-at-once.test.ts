import { expect, test } from 'vitest';
import { start } from '../support/access-tokens.ts';
import { testKey } from '../support/test-key.ts';
import { httpEvent } from './events.ts';
import { jwksPath, metadataPath } from './issuer.ts';
import { issuerKey, testAuthorizer } from './test-authorizer.ts';

const strange = await testKey();

/** By the remainder of its number: what is wrong with a request's token, and what the audit line says. */
const kinds = [
  { change: {}, outcome: 'allowed' },
  { change: { claims: { exp: start - 60 } }, outcome: 'refused' },
  { change: { claims: { scope: 'write' } }, outcome: 'denied' },
  // Signed by nobody whom the authorizer trusts, under the kid of somebody whom it does.
  { change: { key: strange }, outcome: 'refused' },
] as const;

test('I06: 64 requests that meet a cold authorizer share one fetch, and each is let in or not for itself', async () => {
  const { handler, bearer, issuer, log } = await testAuthorizer({ keys: [issuerKey] });
  const asked = Array.from({ length: 64 }, (_, count) => {
    const { change, outcome } = kinds[count % kinds.length] ?? kinds[0];
    const client_id = `client-${count}`;
    const jti = `jti-${count}`;
    const claims = { client_id, sub: client_id, jti, ...('claims' in change && change.claims) };
    return { client_id, jti, outcome, change: { ...change, claims } };
  });
  const answers = await Promise.allSettled(
    asked.map(async ({ change, jti }) => {
      const event = httpEvent(await bearer(change));
      const requestContext = { ...Object(event.requestContext), requestId: jti };
      return await handler({ ...event, requestContext });
    }),
  );
  expect(issuer.requests).toEqual([metadataPath, jwksPath]);
  expect(log).toHaveLength(asked.length);
  for (const [count, { client_id, jti, outcome }] of asked.entries()) {
    const line = log.filter(({ request_id }) => request_id === jti);
    expect(line).toMatchObject([{ outcome }]);
    if (outcome !== 'allowed') continue;
    expect(line).toMatchObject([{ client_id, jti }]);
    expect(answers[count]).toMatchObject({ value: { isAuthorized: true, context: { client_id } } });
  }
  const isLetIn = answers.map(
    (answer) => answer.status === 'fulfilled' && JSON.stringify(answer.value),
  );
  expect(isLetIn.filter((text) => String(text).includes('"isAuthorized":true'))).toHaveLength(16);
});
