import { lstat, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, test } from 'vitest';
import { parseBackup } from '../../registry/backup/backup-file.ts';
import { testAccount } from '../support/test-account.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** `countersign export --all`: a backup of the whole registry. */

const { directory, file: stack } = await localDeployment();
const dynamodb = new DynamoDBClient({ ...testAccount, endpoint: stack.dynamodbEndpoint });
afterAll(() => dynamodb.destroy());

const run = (...parameters: readonly string[]) => inProcess([...parameters, '--local', '--json']);
const exportAll = (out: string, ...more: readonly string[]) =>
  run('export', '--all', '--out', out, ...more);

test('a file that its owner alone may read has all items of the registry as they are', async () => {
  await run('resource', 'create', 'https://api.example.com', '--scope', 'read');
  const created = await run('client', 'create', '--name', 'Billing', '--scope', 'read');
  const { client_secret } = JSON.parse(created.stdout);
  const out = join(directory, 'backup.jsonl');
  const { exitCode, stdout, stderr } = await exportAll(out);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ file: out, table: 'registry', items: 4 });
  expect(stderr).toContain('It is confidential: it has the hashes of all secrets');
  expect((await lstat(out)).mode & 0o777).toBe(0o600);
  const text = await readFile(out, 'utf8');
  expect(text).not.toContain(client_secret);
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: 'registry' }));
  const lines = (items: readonly object[]) => items.map((item) => JSON.stringify(item)).toSorted();
  const backup = parseBackup(text);
  expect(backup).toMatchObject({ table: 'registry', exported_at: expect.any(Number) });
  expect(lines(backup.items)).toEqual(lines(Items));
  expect(lines(backup.items).join()).toContain('"signing-keys"');
});

test('no file is replaced without a word', async () => {
  const out = join(directory, 'there');
  await writeFile(out, 'mine');
  expect(await exportAll(out)).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringContaining('is there already'),
  });
  expect(await readFile(out, 'utf8')).toBe('mine');
  expect(await exportAll(out, '--force')).toMatchObject({ exitCode: 0 });
  expect((await lstat(out)).mode & 0o777).toBe(0o600);
});

test('it is never printed: it needs a file', async () => {
  const { exitCode, stdout } = await run('export', '--all');
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
});
