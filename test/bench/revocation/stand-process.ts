import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runProgram } from '../../../cli/program.ts';
import { answerParent } from '../fixtures/child.ts';
import type { StandQuestion } from './stand.ts';
import type { Target } from './target.ts';
import { goodToken, tryWay, untilStale } from './tries.ts';
import { ways } from './ways.ts';

// Who takes back the tokens of one local stack, which COUNTERSIGN_DIRECTORY leads to.

const places: Omit<Target, 'command'> = JSON.parse(process.argv[2] ?? '');
const target: Target = {
  ...places,
  command: async (parameters) => JSON.parse(await output([...parameters, '--local', '--json'])),
};
let good = '';

/** Runs the command in this process: the start of another one is no part of what is measured. */
async function output(parameters: readonly string[]): Promise<string> {
  const [printed, notes] = [new PassThrough(), new PassThrough()];
  const input = Object.assign(Readable.from(['']), { isTTY: false });
  const exitCode = await runProgram(
    {
      terminal: { input, output: printed, notes },
      program: 'countersign',
      now: () => Math.floor(Date.now() / 1000),
      interruption: () => new AbortController().signal,
    },
    parameters,
  );
  printed.end();
  notes.end();
  const said = await text(notes);
  if (exitCode === 0) return text(printed);
  throw new Error(`countersign ${parameters.join(' ')}: ${said}`);
}

answerParent(async (question: StandQuestion) => {
  if (question.ask === 'a good token') {
    good = await goodToken(target);
    return true;
  }
  if (question.ask === 'until it is stale') return untilStale(target, good);
  const way = ways.find(({ title }) => title === question.way);
  if (!way) throw new Error(`there is no way ${question.way}`);
  return tryWay(target, way, question.tries);
});
