import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { read } from '../docs/pages.ts';
import { wrongTokens } from './deployment/tokens.ts';
import { readOptions } from './options.ts';
import { interopPage } from './pages/report.ts';
import { clients, verifiers } from './recipes/all.ts';
import { nodeClients, nodeVerifiers } from './recipes/node.ts';

/** docs/interop.md, which is generated and not typed. */

const page = read('docs/interop.md');
const manifests = new Set(['Node', 'Python', 'Go', 'Java', 'Rust']);

describe('the page with the tables', () => {
  test('has a row for each recipe, with the version that its manifest pins', async () => {
    for (const { title, library, toolchain } of [...verifiers, ...clients]) {
      const pins = manifests.has(toolchain.title);
      const name = pins ? `${title} ${await toolchain.version(library)} |` : title;
      expect(page).toContain(`| ${name}`);
    }
  });

  test('has no failure', () => {
    expect(page).not.toMatch(/\| fails/);
  });

  test('names each wrong token', () => {
    expect(page).toContain(wrongTokens.join('; '));
  });

  test('says what fails, what is not known, and what was left out', () => {
    const [verifier] = nodeVerifiers;
    const [client] = nodeClients;
    if (!(verifier && client)) throw new Error('there are no recipes');
    const verified = { recipe: verifier, said: '', takes: [], knows: true, problem: undefined };
    const made = interopPage({
      verified: [
        { ...verified, algorithm: 'RS256' },
        { ...verified, algorithm: 'PS256', knows: false },
        { ...verified, algorithm: 'ES256', problem: 'refuses the right token' },
      ],
      got: [
        { recipe: client, method: 'client_secret_post', problem: 'none', shows: ['invalid_scope'] },
      ],
      leftOut: ['Go: `go version` does not run'],
      named: ({ title }) => `${title} 1.0`,
    });
    expect(made).toContain('| jose 1.0 | ✓ | – | fails |  |  |  |');
    expect(made).toContain('| openid-client 1.0 |  | fails |  |  | `invalid_scope` |');
    expect(made).toContain('- Go: `go version` does not run');
  });
});

describe('the options of npm run interop', () => {
  test('names may be parted by commas or given one by one', () => {
    const { only } = readOptions(['--only', 'Python, go', '--only', 'jose']);
    expect(only).toEqual(['python', 'go', 'jose']);
  });

  test('each recipe can be named: no title has a comma', () => {
    const titles = [...verifiers, ...clients].map(({ title }) => title);
    expect(titles.filter((title) => title.includes(','))).toEqual([]);
  });

  test('an option that does not exist is refused', () => {
    expect(() => readOptions(['--everything'])).toThrow(/--everything/);
  });

  test.for([tmpdir(), join(tmpdir(), 'none', 'page.md'), ''])(
    'a report that cannot be written is refused before anything runs: %j',
    (report) => {
      expect(() => readOptions(['--report', report])).toThrow(/EISDIR|ENOENT/);
    },
  );
});
