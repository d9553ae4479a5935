import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { close, listen } from '../../local/io/http-server.ts';
import { childEnvironment } from '../support/local-stack.ts';

const checkout = join(import.meta.dirname, '../..');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'countersign-'));
  return () => rm(directory, { recursive: true });
});

async function freePort(): Promise<string> {
  const server = createServer();
  const port = await listen(server);
  await close(server);
  return String(port);
}

const freePorts = async () => ({
  PORT: await freePort(),
  API_PORT: await freePort(),
  TLS_PORT: await freePort(),
  API_TLS_PORT: await freePort(),
  MTLS_PORT: await freePort(),
  API_MTLS_PORT: await freePort(),
});

function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  const env = childEnvironment({ COUNTERSIGN_DIRECTORY: directory, ...environment });
  const child = spawn(process.execPath, ['local/start.mjs', ...args], { cwd: checkout, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Runs it to its end: its exit code, and what it printed on each stream. */
async function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = start(args, environment);
  const output = [child.stdout, child.stderr].map((stream) => (stream ? text(stream) : ''));
  const [[code], stdout, stderr] = await Promise.all([once(child, 'exit'), ...output]);
  return { code, stdout, stderr };
}

/** Runs it until it is ready. */
async function ready(child: ChildProcess): Promise<string> {
  const lines: string[] = [];
  if (!child.stdout || !child.stderr) throw new Error('no output');
  const errors = text(child.stderr);
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.includes('Ctrl-C')) return lines.join('\n');
  }
  throw new Error(`it ended: ${lines.join('\n')}${await errors}`);
}

const shell = async (command: string) =>
  (await promisify(execFile)('sh', ['-c', command], { cwd: checkout })).stdout;

describe('npm start', () => {
  test('prints three commands that work as they are, and Ctrl-C leaves nothing behind', async () => {
    const ports = await freePorts();
    const child = start([], ports);
    const printed = await ready(child);
    expect(printed).toMatch(/^Ready in \d+\.\d s\.$/m);
    const [getToken = '', callApi = '', listClients = ''] =
      printed.match(/^ {2}(?:curl|COUNTER).*$/gm) ?? [];
    expect(getToken).toMatch(
      `  curl http://127.0.0.1:${ports.PORT}/token -d grant_type=client_credentials -d client_id=demo -d client_secret=countersign_`,
    );
    expect(JSON.parse(await shell(getToken))).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
    });
    expect(JSON.parse(await shell(callApi))).toMatchObject({ client_id: 'demo' });
    expect(await shell(listClients)).toContain('Demo client');
    expect(printed).toContain(`https://127.0.0.1:${ports.TLS_PORT}\n`);
    expect(printed).toContain(`https://127.0.0.1:${ports.API_TLS_PORT}\n`);
    expect(printed).toContain(`https://127.0.0.1:${ports.MTLS_PORT}/token\n`);
    expect(printed).toContain(`https://127.0.0.1:${ports.API_MTLS_PORT}\n`);
    const [, ...files] = printed.split('CN=demo-client,O=Countersign demo');
    const paths = files.join().match(/^ {2}\S+tls\/\S+$/gm) ?? [];
    expect(paths).toHaveLength(4);
    for (const path of paths) expect(await shell(`cat ${path}`)).toContain('-----BEGIN ');

    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await readdir(directory)).not.toContain('local.json');
    expect(await readdir(directory)).not.toContain('lock');
    await expect(fetch(`http://127.0.0.1:${ports.PORT}`)).rejects.toThrow('fetch failed');
    await expect(fetch(`http://127.0.0.1:${ports.API_PORT}`)).rejects.toThrow('fetch failed');
  });

  test('has an issuer by https, and settings: its own three commands, doctor and a token', async () => {
    const ports = await freePorts();
    const issuer = `https://localhost:${ports.TLS_PORT}`;
    const child = start(['--issuer', issuer, '-c', 'accessTokenLifetime=600'], ports);
    const printed = await ready(child);
    expect(printed).toContain(`  Issuer      ${issuer}\n`);
    const [getToken = '', callApi = '', listClients = ''] =
      printed.match(/^ {2}(?:curl|COUNTER).*$/gm) ?? [];
    expect(getToken).toContain(` ${issuer}/token `);
    expect(JSON.parse(await shell(getToken))).toMatchObject({ expires_in: 600 });
    expect(JSON.parse(await shell(callApi))).toMatchObject({ client_id: 'demo', iss: issuer });
    expect(await shell(listClients)).toContain('Demo client');
    const local = (command: string) => shell(listClients.replace(/client list/, command));
    const [, secret = ''] = / client_secret=(\S+)/.exec(getToken) ?? [];
    expect(await local(`token --client-id demo --client-secret ${secret}`)).toContain(issuer);
    expect(await local('doctor')).toContain(`A token has iss ${issuer}`);
  });

  test('a setting that is wrong is one sentence, exit code 2, and --fresh has forgotten nothing', async () => {
    await mkdir(join(directory, 'kms'));
    expect(await run(['--fresh', '-c', 'profile=fapi'], await freePorts())).toMatchObject({
      code: 2,
      stderr: 'profile is "fapi", but it must be none or fapi2.\n',
    });
    // Others of its own: somebody else may have taken those of before.
    expect(await run(['-c', 'colour=red'], await freePorts())).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^colour is no setting of Countersign; the settings are .*\n$/),
    });
    expect(await readdir(directory)).toContain('kms');
  });

  test.for(['SIGTERM', 'SIGHUP'] as const)(
    '%s while it starts stops it cleanly',
    async (signal) => {
      const child = start([], await freePorts());
      if (child.stdout) await once(child.stdout, 'data');
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([0, null]);
      expect(await readdir(directory)).not.toContain('lock');
    },
  );

  test.for(['SIGTERM', 'SIGINT'] as const)('%s to npm stops what npm started', async (signal) => {
    const ports = await freePorts();
    const env = childEnvironment({ COUNTERSIGN_DIRECTORY: directory, ...ports });
    const npm = spawn('npm', ['start'], { cwd: checkout, env });
    onTestFinished(() => void npm.kill('SIGKILL'));
    await ready(npm);
    npm.kill(signal);
    // The pipe ends when nobody is left who could write to it.
    await once(npm.stdout, 'close');
    expect(await readdir(directory)).not.toContain('lock');
    await expect(fetch(`http://127.0.0.1:${ports.PORT}`)).rejects.toThrow('fetch failed');
  });

  test('a word that is no option is named', async () => {
    const { code, stderr } = await run(['fresh']);
    expect([code, stderr]).toEqual([
      2,
      'npm start does not know fresh; npm start -- --help shows what it knows\n',
    ]);
  });

  test('a state directory that is a file is said to be one', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    const { code, stderr } = await run([], { COUNTERSIGN_DIRECTORY: file });
    expect([code, stderr]).toEqual([
      1,
      `${file} cannot be written (EEXIST); choose another with COUNTERSIGN_DIRECTORY\n`,
    ]);
  });

  test('a state directory that everybody may write into is one sentence', async () => {
    await chmod(directory, 0o1777);
    const { code, stderr } = await run([], {});
    expect([code, stderr]).toEqual([
      1,
      `everybody may write into ${directory}; close it with chmod 700, or choose another with COUNTERSIGN_DIRECTORY\n`,
    ]);
    expect(await readdir(directory)).toEqual([]);
  });

  test('a state directory that others can read is closed', async () => {
    await chmod(directory, 0o755);
    const child = start([], await freePorts());
    await ready(child);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, 'access-key'))).mode & 0o777).toBe(0o600);
  });

  test('a directory that a killed process held is free', async () => {
    const gone = spawn(process.execPath, ['--version']);
    await once(gone, 'exit');
    await writeFile(join(directory, 'lock'), String(gone.pid));
    const child = start([], await freePorts());
    expect(await ready(child)).toContain('Ready in');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('--help shows how it is used', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const word of [
      '--issuer URL',
      '-c, --context NAME=VALUE',
      '--fresh',
      '--verbose',
      'API_PORT',
      'TLS_PORT',
      'API_TLS_PORT',
      'MTLS_PORT',
      'API_MTLS_PORT',
      'COUNTERSIGN_DIRECTORY',
    ]) {
      expect(stdout).toContain(word);
    }
  });

  test('a taken port is one sentence that names it, exit code 1', async () => {
    const server = createServer();
    const port = await listen(server);
    onTestFinished(() => close(server));
    const environment = { ...(await freePorts()), API_PORT: String(port) };
    const stderr = `port ${port} is taken; free it, or choose another with API_PORT=NUMBER npm start\n`;
    expect(await run([], environment)).toEqual({ code: 1, stdout: '', stderr });
    expect(await readdir(directory)).toEqual([]);
  });
});
