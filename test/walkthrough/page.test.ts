import { describe, expect, test } from 'vitest';
import { read } from '../docs/pages.ts';
import { journeys } from './journeys/all.ts';
import { init } from './journeys/init.ts';
import { cleaner, shortened } from './report/clean.ts';
import { walkthroughPage } from './report/page.ts';

/** docs/walkthrough.md, which is generated and not typed. */

describe('the page', () => {
  const page = read('docs/walkthrough.md');

  test('has each command of each journey, and each file', () => {
    for (const { title, steps } of journeys) {
      expect(page).toContain(`\n## ${title}\n`);
      for (const step of steps) {
        expect(page).toContain('file' in step ? step.text.trimEnd() : `$ ${step.command}`);
      }
    }
  });

  test('has what the README has typed', () => {
    const [, section = ''] = read('README.md').split('\n## Quick start in AWS\n');
    const [, block = ''] = section.split('In an empty folder')[1]?.split('```sh\n') ?? [];
    const lines = block
      .slice(0, block.indexOf('```'))
      .split('\n')
      .flatMap((line) => line.replace(/#.*/, '').trim() || []);
    expect(lines).toContain('npx cdk deploy');
    const typed = init.steps.flatMap((step) =>
      // On a terminal curl is as silent by itself.
      'command' in step ? [step.command.replace('curl -s', 'curl')] : [],
    );
    for (const line of lines) expect(typed.filter((one) => one.startsWith(line))).not.toEqual([]);
  });

  test('has no secret, no token and no path of the computer that made it', () => {
    expect(page).not.toMatch(/countersign_\w|eyJ\w|\/tmp\/|\/root\/|\/home\//);
  });

  test('says what was typed, printed and left out, and how long it took', () => {
    const outcomes = [
      { file: 'a.json', text: '{}\n' },
      { command: 'cd auth', printed: '', seconds: 0 },
      { command: 'npx cdk synth', printed: 'done', seconds: 61.25 },
    ];
    const made = walkthroughPage({
      journeys: [{ title: 'One', about: 'It is short.', outcomes }],
      leftOut: ['SAM (without SAM)'],
      versions: ['Node 24.0.0'],
    });
    expect(made).toContain('| One | 2 | 61 |\n\n**Left out:** SAM (without SAM).\n\n## One');
    expect(made).toContain('`a.json`:\n\n```json\n{}\n```');
    expect(made).toContain('```console\n$ cd auth    # 0.0 s\n```');
    expect(made).toContain('```console\n$ npx cdk synth    # 61.3 s\ndone\n```');
    expect(made.endsWith('## Versions\n\n- Node 24.0.0\n')).toBe(true);
  });
});

describe('what was printed', () => {
  test('loses secrets, tokens, paths and ports', () => {
    const clean = cleaner({ '/tmp/home-1': '~', 'http://127.0.0.1:4711': 'ISSUER' });
    const said =
      '/tmp/home-1/a countersign_0123456789 eyJhbGci.eyJpc3M.c2ln http://127.0.0.1:4711/token';
    expect(clean(`${said} http://a1b2.execute-api.127.0.0.1:9`)).toBe(
      '~/a countersign_… eyJ… http://127.0.0.1:ISSUER/token http://<id>.execute-api.127.0.0.1:PORT',
    );
  });

  test('is shortened in the middle, where it is long', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    expect(shortened(lines.slice(0, 17).join('\n'))).toBe(lines.slice(0, 17).join('\n'));
    expect(shortened(lines.join('\n')).split('\n')).toEqual([
      ...lines.slice(0, 8),
      '[14 lines]',
      ...lines.slice(-8),
    ]);
    expect(shortened('Shop | 1/2 | CREATE_COMPLETE\nShop: start: Building\n\nShop: done')).toBe(
      'Shop: done',
    );
  });
});
