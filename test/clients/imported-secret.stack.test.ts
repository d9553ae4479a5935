import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { argon2id, bcrypt } from 'hash-wasm';
import { describe, expect, test } from 'vitest';
import { parseClient, registryKey } from '../../functions/aws/registry-items.ts';
import { hashClientSecret } from '../../functions/oauth/client-secret.ts';
import { aSecret } from '../support/a-client.ts';
import { basic } from '../support/http-api-event.ts';
import { sharedStack } from '../support/shared-stack.ts';
import { stackRegistry } from '../support/stack-registry.ts';

/** Clients that have moved in, over HTTP: the function that verifies their secrets is invoked as in AWS. */

const stack = await sharedStack();
const registry = stackRegistry(stack);
const dynamodb = new DynamoDBClient({ ...stack.account, endpoint: stack.dynamodbEndpoint });
const secret = 'moved in with this';
const salt = Buffer.from('sixteen bytes :)');

async function storedHash(client_id: string): Promise<string | undefined> {
  const { pk } = registryKey.client(client_id);
  const { Item = {} } = await dynamodb.send(
    new GetItemCommand({ TableName: stack.registryTable, Key: { pk: { S: pk } } }),
  );
  return parseClient(unmarshall(Item)).secrets[0]?.hash;
}

const endpoints = [
  ['/token', 'grant_type=client_credentials'],
  ['/revoke', 'token=x'],
  ['/introspect', 'token=x'],
] as const;

describe.each([
  ['bcrypt', () => bcrypt({ password: secret, salt, costFactor: 10 })],
  [
    'argon2id',
    () =>
      argon2id({
        ...{ password: secret, salt, outputType: 'encoded', hashLength: 32 },
        ...{ memorySize: 19_456, iterations: 2, parallelism: 1 },
      }),
  ],
])('a secret that %s has hashed elsewhere', (format, hash) => {
  test.each(endpoints)('lets its client in at %s, and is hashed by us then', async (path, body) => {
    const client_id = `moved-${format}-${path.slice(1)}`;
    const stored = `imported:${await hash()}`;
    await registry.client({
      client_id,
      secrets: [aSecret('', { hash: stored })],
      introspection_resources: [stack.api],
    });
    const ask = async (by: string): Promise<number> => {
      const headers = {
        authorization: basic(client_id, by),
        'content-type': 'application/x-www-form-urlencoded',
      };
      const answer = await fetch(`${stack.issuer}${path}`, { method: 'POST', headers, body });
      return answer.status;
    };
    expect(await ask('wrong')).toBe(401);
    expect(await storedHash(client_id)).toBe(stored);
    expect(await ask(secret)).toBe(200);
    expect(await storedHash(client_id)).toBe(hashClientSecret(secret));
    expect(await ask(secret)).toBe(200);
  });
});
