import { expect, test, vi } from 'vitest';
import { inProcessAsItIs } from '../cli/command.ts';
import { pages, read } from './pages.ts';

/** Commands that need no deployment. */
const withoutDeployment = /^(init|keypair|template|adopt|cost|completion|dpop-proof)\b/;

/** What stands for something that a reader fills in, and has a form. */
const filledIn: Readonly<Record<string, string>> = { KID: 'N'.repeat(43) };

/** The commands of a page's shell blocks, without comments, redirections, and what a shell does before them. */
function commandsOf(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^```sh\n([\s\S]*?)^```$/gm)];
  const lines = blocks.flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n'));
  return lines.flatMap((line) => /^npx countersign ([^#<>|]+)/.exec(line)?.[1]?.trim() ?? []);
}

const words = (command: string): readonly string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, word = '']) => quoted ?? filledIn[word] ?? word,
  );

const commands = pages.flatMap((page) =>
  commandsOf(read(page))
    .filter((command) => !withoutDeployment.test(command))
    .map((command) => [page, command] as const),
);

test('pages have commands', () => {
  expect(commands.length).toBeGreaterThan(30);
});

test.for(commands)('%s: %s is right usage', async ([, command]) => {
  vi.stubEnv('COUNTERSIGN_DIRECTORY', '/nowhere');
  const place = command.includes('--local') ? [] : ['--local'];
  const { stderr } = await inProcessAsItIs([...words(command), ...place, '--json']);
  // All of it was understood, and then there was nothing to do it with.
  expect(JSON.parse(stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
    error: 'local_stack_not_running',
  });
});
