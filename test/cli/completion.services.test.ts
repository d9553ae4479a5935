import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { authMethods } from '../../functions/oauth/client.ts';
import { inProcess } from './command.ts';

/** What shells make of the scripts: each shell that is installed runs its own. */

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'countersign-completion-'));
afterAll(() => rm(folder, { recursive: true }));
await writeFile(join(folder, 'billing.pem'), '');
await writeFile(join(folder, 'with space.pem'), '');

async function script(shell: string): Promise<string> {
  const { exitCode, stdout, stderr } = await inProcess(['completion', shell]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

type Complete = (words: readonly string[]) => Promise<readonly string[]>;

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** Calls the function as readline would, with the last word under the cursor. */
const bash: Complete = async (words) => {
  const text = `${await script('bash')}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _countersign; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const given = ['--norc', '-c', text, 'bash', 'countersign', ...words];
  return lines((await run('bash', given, { cwd: folder })).stdout);
};

/** Asks a real zsh at a terminal of its own, where completions are listed one a line. */
const zsh: Complete = async (words) => {
  const text = `autoload -Uz compinit; compinit -D -u
${await script('zsh')}
compadd() { local -a kept; builtin compadd -O kept "$@"; print -rl -- $kept >> ${folder}/zsh.txt; }
_files() { print -r -- '<files>' >> ${folder}/zsh.txt; }
_describe() { local -a all=("\${(@P)2}"); print -rl -- \${(M)\${all%%:*}:#$PREFIX*} >> ${folder}/zsh.txt; }
compset() { PREFIX=\${PREFIX#*=}; }
words=("$@") CURRENT=$# PREFIX=\${@[-1]}
compadd() { shift; print -rl -- \${(M)@:#$PREFIX*} >> ${folder}/zsh.txt; }
: > ${folder}/zsh.txt; _countersign; cat ${folder}/zsh.txt`;
  const given = ['-f', '-c', text, 'zsh', 'countersign', ...words];
  return lines((await run('zsh', given, { cwd: folder })).stdout);
};

const fish: Complete = async (words) => {
  const line = ['countersign', ...words].join(' ');
  const text = `${await script('fish')}\ncomplete -C'${line}'`;
  const { stdout } = await run('fish', ['--no-config', '-c', text], { cwd: folder });
  return lines(stdout).map((one) => one.split('\t')[0] ?? '');
};

const isThere = async (shell: string): Promise<boolean> =>
  run(shell, ['-c', 'true']).then(
    () => true,
    () => false,
  );

for (const [name, complete] of Object.entries({ bash, zsh, fish })) {
  const there = await isThere(name);
  if (!there) process.stderr.write(`${name} is not installed: its completion was not run\n`);
  describe.skipIf(!there)(name, () => {
    test('knows the commands', async () => {
      expect([...(await complete(['']))].sort()).toEqual(
        expect.arrayContaining([
          'client',
          'completion',
          'cost',
          'doctor',
          'key',
          'keypair',
          'token',
        ]),
      );
      expect(await complete(['cli'])).toEqual(['client']);
    });

    test('and those below them', async () => {
      expect(await complete(['key', 'ro'])).toEqual(['rotate']);
      expect(await complete(['client', 'secret', 'a'])).toEqual(['add']);
      expect(await complete(['--stack', 'key', 'client', 'tr'])).toEqual(['trust']);
      expect(await complete(['client', 'revoke'])).toEqual(['revoke-tokens']);
      // A command that has one below it, and options of its own.
      expect(await complete(['token', 're'])).toEqual(['revoke']);
      expect(await complete(['token', '--client-i'])).toEqual(['--client-id']);
      expect(await complete(['token', 'revoke', '--client-i'])).toEqual([]);
    });

    test('knows the options of a command, and the global ones', async () => {
      expect(await complete(['client', 'create', '--auth-m'])).toEqual(['--auth-method']);
      expect(await complete(['client', 'create', '--st'])).toEqual(
        expect.arrayContaining(['--stack', '--strict-audience']),
      );
      expect(await complete(['key', 'list', '--dp'])).toEqual([]);
    });

    test('knows the values of an option', async () => {
      const values = await complete(['client', 'create', '--auth-method', '']);
      expect([...values].sort()).toEqual([...authMethods].sort());
      expect(await complete(['keypair', '--alg', 'EdD'])).toEqual(['EdDSA']);
      expect(await complete(['completion', 'fi'])).toEqual(['fish']);
      expect(await complete(['revocation', 'list', '--kind', 're'])).toEqual(['resource']);
    });

    test('completes files where a command takes some', async () => {
      const files = name === 'zsh' ? ['<files>'] : ['billing.pem'];
      expect(await complete(['import', '--from', 'hydra', 'bi'])).toEqual(files);
      expect(await complete(['apply', 'bi'])).toEqual(files);
      expect(await complete(['import', '--dry'])).toEqual(['--dry-run']);
    });

    test('gives no value that it cannot know', async () => {
      expect(await complete(['client', 'create', '--name', ''])).toEqual([]);
    });
  });
}

describe.skipIf(!(await isThere('bash')))('bash', () => {
  test('completes files where an option takes one, those with spaces too', async () => {
    expect(await bash(['token', '--private-key', 'b'])).toEqual(['billing.pem']);
    expect(await bash(['token', '--dpop', 'wi'])).toEqual(['with space.pem']);
    expect(await bash(['token', '--dpop', '--dpop-a'])).toEqual(['--dpop-alg']);
    // Of a client it is a switch, which takes none.
    expect(await bash(['client', 'create', '--dpop', 'b'])).toEqual([]);
  });

  test('completes behind an equals sign, which parts words', async () => {
    expect(await bash(['keypair', '--alg', '=', 'RS'])).toEqual(['RS256', 'RS384', 'RS512']);
    expect(await bash(['keypair', '--alg', '=', 'RS256', '--ou'])).toEqual(['--out']);
  });
});

test('another shell is refused in one sentence', async () => {
  const { exitCode, stderr } = await inProcess(['completion', 'tcsh']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^error: [^\n]*Allowed choices are bash, zsh, fish\.\n$/);
});
