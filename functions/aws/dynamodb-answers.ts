import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** Seconds for which Lambda may bring a request again, and a good deal more. */
const lifetime = 86_400;

/**
 * Answers to requests in the ephemera table, each as JSON.
 * @param now NumericDate
 */
export function dynamodbAnswers<Answer>(
  dynamodb: DynamoDBClient,
  TableName: string,
  now: () => number,
) {
  return {
    find: async (requestId: string): Promise<Answer | undefined> => {
      const Key = marshall({ pk: answerKey(requestId) });
      const command = new GetItemCommand({ TableName, Key, ConsistentRead: true });
      const { Item } = await dynamodb.send(command);
      return Item && JSON.parse(String(unmarshall(Item).answer));
    },
    keep: async (requestId: string, answer: Answer): Promise<void> => {
      const pk = answerKey(requestId);
      const item = { pk, answer: JSON.stringify(answer), expires_at: now() + lifetime };
      await dynamodb.send(new PutItemCommand({ TableName, Item: marshall(item) }));
    },
  };
}

/** The key of the answer to a request; `*` stands for all in a policy. */
export const answerKey = (requestId: string): string => `answer#${requestId}`;
