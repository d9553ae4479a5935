import { describe, expect, test } from 'vitest';
import { calledAgain, commandsIn, pastable } from '../../cli/command/invocation.ts';
import { programName } from '../../cli/command/program-name.ts';
import { commandHint, shellWord } from '../../registry/command-hint.ts';

/** Commands that messages name can be pasted as they are. */

const called = (chosen: Readonly<Record<string, unknown>>, ...parameters: readonly string[]) => ({
  program: 'npx countersign',
  parameters,
  chosen,
});

describe('a command in a sentence', () => {
  test.for([
    [{ local: true }, ' --local'],
    [{ stack: 'Two/Machines', region: 'eu-west-1' }, ' --stack Two/Machines --region eu-west-1'],
    [{ profile: "it's mine", json: true }, " --profile 'it'\\''s mine'"],
    [{}, ''],
  ] as const)('is about the same deployment: %o', ([chosen, options]) => {
    const sentence = 'there is no client x; `countersign client list` shows those that are';
    expect(pastable(sentence, called(chosen))).toBe(
      `there is no client x; \`npx countersign client list${options}\` shows those that are`,
    );
  });

  test('may hold quoted words, backticks in them too', () => {
    const hint = commandHint('resource', 'show', "urn:a'b`c");
    expect(pastable(`${hint} or ${hint}`, called({ local: true }))).toBe(
      "`npx countersign resource show 'urn:a'\\''b`c' --local` or `npx countersign resource show 'urn:a'\\''b`c' --local`",
    );
  });

  test('what is no command stays', () => {
    const sentence = 'Set `corsOrigins`; countersign has `tokenReuse`.';
    expect(pastable(sentence, called({ local: true }))).toBe(sentence);
  });

  test('is the hint of JSON', () => {
    expect(commandsIn('x `npx countersign key list` y `npx cdk deploy` `z`')).toEqual([
      'npx countersign key list',
      'npx cdk deploy',
    ]);
  });
});

describe('the same command with another stack', () => {
  test.for([
    [['client', 'list'], 'client list --stack A'],
    [['--stack', 'B', 'client', 'list', '--stack=C'], 'client list --stack A'],
    [['key', 'revoke', '--yes', '--', '-kid'], 'key revoke --yes --stack A -- -kid'],
    [['client', 'create', '--name', 'a b'], "client create --name 'a b' --stack A"],
    [['token', '--client-secret', 's3cret'], '... --stack A'],
    [['dpop-proof', '--access-token=s3cret'], '... --stack A'],
    [['client', 'create', '--name', 'a\n`id`'], '... --stack A'],
    [['client', 'create', '--name', 'a\u202eb'], '... --stack A'],
  ] as const)('%j', ([parameters, words]) => {
    expect(calledAgain(called({}, ...parameters), '--stack', 'A')).toBe(`npx countersign ${words}`);
  });
});

test.for([
  '',
  'a b',
  "it's",
  '$HOME',
  '`id`',
  '~',
  '*',
  'a=b',
  '=a',
  'ä',
  '!',
  '"',
  '\\',
  'a\nb',
  '-x',
  '#',
  'a;b',
  '{a,b}',
])('a shell reads the word %j as it is', (word) => {
  expect(shellWord('plain-word_1.2:3/4@5')).toBe('plain-word_1.2:3/4@5');
  expect(word === '' || shellWord(word) !== word || /^[\w@%+=:,./-]+$/.test(word)).toBe(true);
  expect(
    shellWord(word)
      .replaceAll("'\\''", '')
      .replaceAll(/'[^']*'/g, ''),
  ).toMatch(/^[\w@%+=:,./-]*$/);
});

test.for([
  ['/usr/local/bin/countersign', 'countersign'],
  ['/home/a/app/node_modules/.bin/countersign', 'npx countersign'],
  ['/home/a/.npm/_npx/1a2b/node_modules/.bin/countersign', 'npx countersign'],
  ['/home/a/checkout/cli/countersign.mjs', 'npx countersign'],
  ['', 'npx countersign'],
] as const)('the command of %s is called again as %s', ([script, name]) => {
  expect(programName(script)).toBe(name);
});
