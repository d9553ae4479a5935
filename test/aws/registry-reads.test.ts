import { DynamoDBClient, type GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test, vi } from 'vitest';
import { dynamodbClients, dynamodbResourceServers } from '../../functions/aws/dynamodb-registry.ts';
import { api, client_id } from '../support/a-client.ts';

test.for([
  ['eventual', false],
  ['strong', true],
] as const)(
  'the table is asked for a record with %s consistency as the reader says',
  async (row) => {
    const [consistency, ConsistentRead] = row;
    const dynamodb = new DynamoDBClient();
    const send = vi.spyOn(dynamodb, 'send').mockImplementation(async () => ({}));
    await dynamodbClients(dynamodb, 'registry')(client_id, consistency);
    await dynamodbResourceServers(dynamodb, 'registry')(api, consistency);
    const inputs = send.mock.calls.map(([command]) => (command as unknown as GetItemCommand).input);
    expect(inputs).toMatchObject([{ ConsistentRead }, { ConsistentRead }]);
  },
);
