/** An item in the notation of DynamoDB: an attribute's type, and its value as that type is written. */
type Item = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What of a request counts here. */
interface Input {
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeValues?: Item;
}

/** What DynamoDB answers. */
export interface Answer {
  readonly status: 200 | 400;
  readonly body: object;
}

type Condition = (item: Item | undefined, values: Item) => boolean;

/** The conditions that a guard writes with: functions/aws/dynamodb-replay-guard.ts, dynamodb-nonce-keys.ts. */
const conditions: Readonly<Record<string, Condition>> = {
  'attribute_not_exists(pk)': (item) => item === undefined,
  'attribute_not_exists(pk) OR expires_at <= :now': (item, values) =>
    item === undefined || Number(item.expires_at?.N) <= Number(values[':now']?.N),
  'used_by = :used_by': (item, values) =>
    item !== undefined && item.used_by?.S === values[':used_by']?.S,
};

/**
 * The ephemera table of a guard in memory: what it does of DynamoDB is what a guard calls. An operation or a
 * condition that is none of these is refused, so that nothing counts as checked that was not.
 */
export function ephemera(): (operation: string, input: Input) => Answer {
  const items = new Map<string, Item>();
  const operations: Readonly<Record<string, (key: string, input: Input) => Answer>> = {
    GetItem: (key) => ok({ Item: items.get(key) }),
    PutItem: (key, { Item = {} }) => {
      items.set(key, Item);
      return ok({});
    },
    DeleteItem: (key) => {
      items.delete(key);
      return ok({});
    },
  };
  return (operation, input) => {
    const key = JSON.stringify((input.Item ?? input.Key)?.pk);
    const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    const condition = conditionOf(input);
    if (run === undefined || condition === undefined) return refused('ValidationException');
    const stored = items.get(key);
    if (condition(stored, input.ExpressionAttributeValues ?? {})) return run(key, input);
    return refused('ConditionalCheckFailedException', stored);
  };
}

function conditionOf({ ConditionExpression }: Input): Condition | undefined {
  if (ConditionExpression === undefined) return () => true;
  return Object.hasOwn(conditions, ConditionExpression)
    ? conditions[ConditionExpression]
    : undefined;
}

const ok = (body: object): Answer => ({ status: 200, body });

const refused = (type: string, item?: Item): Answer => ({
  status: 400,
  body: {
    __type: `com.amazonaws.dynamodb.v20120810#${type}`,
    message: 'the store of testIssuer() refuses this request',
    ...(item && { Item: item }),
  },
});
