import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { interruptible } from '../../cli/doctor/interruptible.ts';
import { writeLocalStackFile } from '../../local/state/local-stack-file.ts';
import { createResourceServer } from '../../registry/resource-servers.ts';
import { inProcess } from './command.ts';
import { serving } from './doctor-deployment.ts';
import { localDeployment } from './local-deployment.ts';

/** `countersign doctor` is interrupted: nothing stays registered. */

const { contents, directory, file, registry } = await localDeployment();
await createResourceServer(registry, { resource: 'urn:example:api', scope: new Set(['read']) });
const before = await contents();

/** A deployment whose token endpoint never answers. It tells when the registered client asks. */
const hanging: RequestListener = (request, response) => {
  if (request.url?.startsWith('/.well-known/')) {
    const endpoints = { token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys` };
    return void response.end(JSON.stringify({ issuer, ...endpoints }));
  }
  const [, basic = ''] = /^Basic (.+)/.exec(request.headers.authorization ?? '') ?? [];
  // doctor also asks as an unregistered client, whose id is longer.
  if (/^doctor-\w{8}:/.test(Buffer.from(basic, 'base64').toString())) tokenWanted();
};
const issuer = await serving(hanging);
let tokenWanted = () => {};

beforeAll(() => writeLocalStackFile(directory, { ...file, issuer }));
beforeEach(() => {
  tokenWanted = () => {};
});

const bin = join(import.meta.dirname, '../../cli/countersign.ts');

describe('the real command', () => {
  test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s', async (signal) => {
    const wanted = new Promise<void>((resolve) => {
      tokenWanted = resolve;
    });
    const child = spawn(bin, ['doctor', '--local'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [closed, stdout, stderr] = [once(child, 'close'), text(child.stdout), text(child.stderr)];
    await wanted;
    expect((await contents()).join()).toMatch(/doctor-\w{8}/);
    // Twice, as Ctrl-C reaches it from the terminal and from npx.
    child.kill(signal);
    child.kill(signal);
    expect(await closed).toEqual([130, null]);
    expect(await stdout).toBe('');
    expect(await stderr).toBe(`Looking at ${issuer} ...\n`);
    expect(await contents()).toEqual(before);
  });
});

test('before it has begun', async () => {
  const interruption = () => AbortSignal.abort();
  const outcome = await inProcess(['doctor', '--local', '--json'], { interruption });
  expect(outcome).toEqual({ exitCode: 130, stdout: '', stderr: '' });
  expect(await contents()).toEqual(before);
});

test('what cannot be deleted is told', async () => {
  const notes = new PassThrough();
  const terminal = { input: new PassThrough(), output: new PassThrough(), notes };
  const finding = { check: 'token', section: '', status: 'warning', what: 'A.', remedy: 'B.' };
  const examined = interruptible(
    { terminal, interruption: () => AbortSignal.abort() },
    { examination: () => new Promise(() => {}), remove: async () => [finding as never] },
  );
  await expect(examined).rejects.toMatchObject({ name: 'Interrupted' });
  notes.end();
  expect(await text(notes)).toBe('A. B.\n');
});
