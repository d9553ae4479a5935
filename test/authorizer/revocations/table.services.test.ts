import { expect, test } from 'vitest';
import { withoutRevocations } from '../../../functions/authorizer/revocations/environment.ts';
import { tableReading } from '../../../functions/authorizer/revocations/table-reading.ts';
import { environmentRevocations } from '../../../functions/authorizer/revocations/wiring.ts';
import { dynamodbRevocationStore } from '../../../functions/aws/dynamodb-revocations.ts';
import { startServices, tables } from '../../support/services.ts';
import { troubledService } from '../../support/troubled-service.ts';
import { httpEvent } from '../events.ts';
import { testAuthorizer } from '../test-authorizer.ts';

const environment = {
  ...withoutRevocations,
  REVOCATION_LIST: 'table',
  REVOCATIONS_TABLE: tables.revocations,
};

// Its clocks are those of this computer, as in Lambda; the clock of its tokens stands still.
const now = Math.floor(Date.now() / 1000);
const { troubles, calls, via } = troubledService();
const services = await startServices(() => now);
const { dynamodb } = await services.via(via);

/** An authorizer that has just started. */
const coldAuthorizer = () =>
  testAuthorizer({
    revocations: (verifying) =>
      environmentRevocations((name) => environment[name], {
        ...verifying,
        ...tableReading(dynamodb),
      }),
  });

test('I13: an authorizer in the account of the issuer refuses what the table says', async () => {
  const store = dynamodbRevocationStore(services.dynamodb, tables.revocations);
  const times = { revoked_at: now, expires_at: now + 3600 };
  await store.note({ kind: 'token', id: '0a1b2c3d4e5f', ...times });
  const status = { uri: 'https://as.example.com/status-lists/0', idx: 7 };
  await store.note({ kind: 'token', id: 'by-its-place', status, ...times });
  const { handler, bearer } = await coldAuthorizer();
  const asked = async (jti: string, status_list?: object) =>
    handler(httpEvent(await bearer({ claims: { jti, status: { status_list } } })));
  await expect(asked('0a1b2c3d4e5f', { ...status, idx: 8 })).rejects.toThrow(/^Unauthorized$/);
  await expect(asked('by-its-place', status)).rejects.toThrow(/^Unauthorized$/);
  const answered = await asked('another', { ...status, idx: 9 });
  expect(answered).toMatchObject({ isAuthorized: true });
  expect(calls).toEqual(['Query']);
});

test('I14: it lets nobody in while a table that it has never read does not answer', async () => {
  const __type = 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException';
  troubles.set('Query', { status: 400, body: JSON.stringify({ __type }) });
  const { handler, bearer, log } = await coldAuthorizer();
  const answered = handler(httpEvent(await bearer()));
  await expect(answered).rejects.toThrow(/^the authorizer cannot decide now$/);
  expect(log).toMatchObject([{ outcome: 'failed', reason: expect.stringMatching(/Throughput/) }]);
});
