import type { LocalDynamodb } from '../dynamodb/dynamodb.ts';
import { streamRecord } from '../dynamodb/stream-record.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import type { StreamDefinition } from '../template/streams.ts';

/** The functions that streams invoke, the tables' DynamoDB, and where failures are logged. */
export interface StreamSurroundings {
  readonly dynamodb: Pick<LocalDynamodb, 'observe'>;
  /** By ARN. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  log(line: string): void;
}

/** How often a batch is given to its function; in AWS it is until the records are a day old. */
const mostAttempts = 3;

/**
 * Gives functions what is written to tables, one batch after the other, until what it gives is disposed of, which
 * waits for the last one.
 * @throws Error for a stream whose function does not exist
 */
export function followStreams(
  streams: readonly StreamDefinition[],
  surroundings: StreamSurroundings,
): AsyncDisposable {
  const idle = streams.map((stream) => follow(stream, surroundings));
  return { [Symbol.asyncDispose]: async () => void (await Promise.all(idle.map((end) => end()))) };
}

function follow(
  { name, table, streamArn, functionArn, batchSize }: StreamDefinition,
  { dynamodb, functions, log }: StreamSurroundings,
): () => Promise<void> {
  const lambda = functions.get(functionArn);
  if (!lambda) throw new Error(`${name} invokes ${functionArn}, which does not exist`);
  const pending: object[] = [];
  let running: Promise<void> = Promise.resolve();
  const next = async (): Promise<void> => {
    const Records = pending.splice(0, batchSize);
    if (Records.length > 0) await give(lambda, { Records }, (line) => log(`${name} ${line}`));
  };
  dynamodb.observe(table, (write) => {
    const record = streamRecord(write, streamArn);
    if (!record) return;
    pending.push(record);
    running = running.then(next);
  });
  return () => running;
}

async function give(
  lambda: LambdaFunction,
  event: { readonly Records: readonly object[] },
  log: (line: string) => void,
): Promise<void> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const invocation = await lambda.invoke(event);
    if ('payload' in invocation) return;
    log(`${invocation.errorType} ${invocation.errorMessage}`);
  }
  log(`has lost ${event.Records.length} records`);
}
