import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { newAccessKeyId } from '../../local/state/access-key.ts';
import { accessKeyId } from '../support/test-account.ts';
import { countersign, inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** `--local` reads the access key of the local stack, and needs no more of its user. */

const { directory } = await localDeployment();
const path = join(directory, 'access-key');

test('the real command has it from the state directory', async () => {
  const outcome = await countersign(['client', 'list', '--local', '--json']);
  expect(outcome).toMatchObject({ exitCode: 0, stdout: '{\n  "clients": []\n}\n', stderr: '' });
});

describe.for([
  ['client', 'list'],
  ['resource', 'create', 'urn:x', '--scope', 'read'],
  ['key', 'list'],
])('countersign %s %s', (command) => {
  afterEach(() => writeFile(path, `${accessKeyId}\n`));

  const failed = (sentence: string) => ({
    exitCode: 1,
    stdout: '',
    stderr: `error: ${sentence}\n`,
  });

  test('says what to do where a stack that is older has none', async () => {
    await rename(path, `${path}.away`);
    expect(await inProcess([...command, '--local'])).toEqual(
      failed('the local stack has no access key yet: start it again with npm start'),
    );
  });

  test('says what to do where it is another', async () => {
    await writeFile(path, `${newAccessKeyId()}\n`);
    expect(await inProcess([...command, '--local'])).toEqual(
      failed(
        'the local stack has another access key than its directory: start it again with npm start',
      ),
    );
  });
});
