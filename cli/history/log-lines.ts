import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { historyService } from '../../functions/history/change-line.ts';
import type { HistoryLog } from '../command/deployment.ts';
import { CliError } from '../io/cli-error.ts';

/**
 * Reads the log of the history: in CloudWatch, or the file of a local stack.
 * @param since NumericDate: older lines need not be given
 * @throws CliError when the deployment has none
 */
export function logLines(log: HistoryLog | undefined, since: number): AsyncIterable<string> {
  if (!log) throw new CliError(none, 1, { code: 'not_a_deployment' });
  return 'file' in log ? fileLines(log.file) : cloudWatchLines(log, since);
}

const none = 'this deployment records no history yet: deploy it again with npx cdk deploy';

const fileLines = (file: string): AsyncIterable<string> =>
  createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });

async function* cloudWatchLines(
  { logGroup, account }: Extract<HistoryLog, { readonly logGroup: string }>,
  since: number,
): AsyncGenerator<string> {
  // CloudWatch Logs lets few such requests through.
  const client = new CloudWatchLogsClient({ ...account, maxAttempts: 6 });
  const request = {
    logGroupName: logGroup,
    startTime: Math.max(0, since * 1000),
    filterPattern: `{ $.service = "${historyService}" }`,
  };
  try {
    for await (const { events = [] } of paginateFilterLogEvents({ client }, request)) {
      yield* events.flatMap(({ message }) => message ?? []);
    }
  } finally {
    client.destroy();
  }
}
