import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll } from 'vitest';
import { close, listen } from '../../local/io/http-server.ts';

/** What a table has beside its items, which dynalite does not know. */
export interface TableSettings {
  backups: boolean;
  protection: boolean;
  /** The view of its stream; absent: there is none. */
  stream?: string | undefined;
  /** The ARN of the table that it was restored from. */
  source?: string | undefined;
}

type Request = Readonly<Record<string, unknown>> & { readonly TableName: string };

/**
 * A DynamoDB that knows settings of tables as its API reference describes them, in front of one that does not. It is
 * closed when the test file ends.
 * @param settings by the name of the table; one that is not there has none
 */
export async function tableSettings(behind: string, settings: Map<string, TableSettings>) {
  const of = (name: string): TableSettings => {
    const found = settings.get(name) ?? { backups: false, protection: false };
    settings.set(name, found);
    return found;
  };
  const changes: string[] = [];
  const operations: Readonly<Record<string, (request: Request) => object>> = {
    DescribeContinuousBackups: ({ TableName }) => backupsOf(of(TableName)),
    UpdateContinuousBackups: ({ TableName, PointInTimeRecoverySpecification: wanted }) => {
      changes.push(`${TableName}: backups`);
      const { PointInTimeRecoveryEnabled } = wanted as { PointInTimeRecoveryEnabled: boolean };
      of(TableName).backups = PointInTimeRecoveryEnabled;
      return backupsOf(of(TableName));
    },
    UpdateTable: ({ TableName, DeletionProtectionEnabled, StreamSpecification }) => {
      const table = of(TableName);
      if (DeletionProtectionEnabled !== undefined) {
        changes.push(`${TableName}: protection`);
        table.protection = DeletionProtectionEnabled === true;
      }
      if (StreamSpecification !== undefined) {
        changes.push(`${TableName}: stream`);
        table.stream = (StreamSpecification as { StreamViewType: string }).StreamViewType;
      }
      return { TableDescription: { TableName, TableStatus: 'ACTIVE' } };
    },
  };
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const target = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const operation = operations[target];
    const answer = operation
      ? { status: 200, text: JSON.stringify(operation(JSON.parse(body.toString()))) }
      : await passOn(behind, request.headers, body);
    const isTable = target === 'DescribeTable' && answer.status === 200;
    const text = isTable ? described(answer.text, of) : answer.text;
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(text);
  });
  const endpoint = `http://127.0.0.1:${await listen(server)}`;
  afterAll(() => close(server));
  return { endpoint, changes };
}

const backupsOf = ({ backups }: TableSettings) => ({
  ContinuousBackupsDescription: {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: backups ? 'ENABLED' : 'DISABLED' },
  },
});

async function passOn(behind: string, headers: IncomingHttpHeaders, body: Buffer) {
  const { host: _, connection: __, 'content-length': ___, ...rest } = headers;
  const answer = await fetch(behind, {
    method: 'POST',
    headers: rest as Record<string, string>,
    body: new Uint8Array(body),
  });
  return { status: answer.status, text: await answer.text() };
}

function described(text: string, of: (name: string) => TableSettings): string {
  const { Table } = JSON.parse(text);
  const { protection, stream, source } = of(Table.TableName);
  return JSON.stringify({
    Table: {
      ...Table,
      DeletionProtectionEnabled: protection,
      ...(stream && {
        StreamSpecification: { StreamEnabled: true, StreamViewType: stream },
        LatestStreamArn: `${Table.TableArn}/stream/2026-11-30T00:00:00.000`,
      }),
      ...(source && { RestoreSummary: { SourceTableArn: source, RestoreInProgress: false } }),
    },
  });
}
