import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { unavailable } from '../oauth/oauth-error.ts';
import type { Revocation, RevocationLog, RevocationStore } from '../oauth/revocation.ts';
import { answerDate, keepAnswerDates } from './answer-date.ts';
import type { Item } from './item.ts';
import { isByTime, parseRevocation, revocationItem } from './revocation-items.ts';
import { revocationsTable } from './revocations-table.ts';

/**
 * Writes revocations to their table. Each thing is there once, however often it is revoked.
 * @param dynamodb must not have been used before
 */
export function dynamodbRevocationStore(
  dynamodb: DynamoDBClient,
  TableName: string,
): RevocationStore {
  keepAnswerDates(dynamodb);
  const put = async (revocation: Revocation, condition: Condition): Promise<boolean> => {
    const Item = marshall(revocationItem(revocation), { removeUndefinedValues: true });
    try {
      await dynamodb.send(new PutItemCommand({ TableName, Item, ...condition }));
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw unavailable(error);
      return false;
    }
  };
  const get = async (Key: Item, more: Pick<GetItemCommandInput, 'ConsistentRead'> = {}) => {
    try {
      return await dynamodb.send(new GetItemCommand({ TableName, Key: marshall(Key), ...more }));
    } catch (error) {
      throw unavailable(error);
    }
  };
  return {
    async note(revocation) {
      await put(revocation, isByTime(revocation.kind) ? raises(revocation) : isNew(revocation));
    },
    async lift(revocation) {
      if (await put(revocation, lowers(revocation))) return true;
      const { pk, sk } = revocationItem(revocation);
      const { Item } = await get({ pk, sk }, { ConsistentRead: true });
      return Item !== undefined;
    },
    async time() {
      const answer = await get(nothing);
      try {
        return answerDate(answer);
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}

type Condition = Pick<PutItemCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>;

/** Or it has a place, and is known by its `jti` alone. */
const isNew = ({ status }: Revocation): Condition => ({
  ConditionExpression: `attribute_not_exists(${status ? 'idx' : 'pk'})`,
});

const raises = ({ not_before }: Revocation): Condition => ({
  ConditionExpression: 'attribute_not_exists(pk) OR not_before < :not_before',
  ExpressionAttributeValues: marshall({ ':not_before': not_before }),
});

const lowers = ({ not_before }: Revocation): Condition => ({
  ConditionExpression: 'attribute_exists(pk) AND not_before > :not_before',
  ExpressionAttributeValues: marshall({ ':not_before': not_before }),
});

/** There is no such item: reading it costs least. */
const nothing = { pk: revocationsTable.revoked, sk: 'time' };

/**
 * Reads revocations from their table. What has expired is left out, though DynamoDB deletes it some time later.
 * @param now NumericDate
 */
export function dynamodbRevocationLog(
  dynamodb: DynamoDBClient,
  TableName: string,
  now: () => number,
): RevocationLog {
  return {
    async *since(revoked_at) {
      let ExclusiveStartKey: QueryPage['LastEvaluatedKey'];
      do {
        const query = { TableName, ...revokedSince(revoked_at), ExclusiveStartKey };
        const page = await queryPage(dynamodb, query);
        yield page.revocations.filter(({ expires_at }) => expires_at > now());
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
    },
  };
}

const revokedSince = (revoked_at: number) => ({
  IndexName: revocationsTable.byTime,
  ConsistentRead: true,
  KeyConditionExpression: `pk = :revoked AND ${revocationsTable.revokedAt} >= :since`,
  ExpressionAttributeValues: marshall({
    ':revoked': revocationsTable.revoked,
    ':since': revoked_at,
  }),
});

type QueryPage = Awaited<ReturnType<typeof queryPage>>;

async function queryPage(
  dynamodb: DynamoDBClient,
  query: ConstructorParameters<typeof QueryCommand>[0],
) {
  try {
    const { Items = [], LastEvaluatedKey } = await dynamodb.send(new QueryCommand(query));
    return {
      revocations: Items.map((item) => parseRevocation(unmarshall(item))),
      LastEvaluatedKey,
    };
  } catch (error) {
    throw unavailable(error);
  }
}
