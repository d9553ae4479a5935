import { shellWord } from '../../registry/command-hint.ts';
import { visible } from '../io/visible.ts';

/** How the command line was called. */
export interface Invocation {
  /** What was typed for its name: `countersign` or `npx countersign`. */
  readonly program: string;
  /** What was typed behind it. */
  readonly parameters: readonly string[];
  /** The options by which the deployment was chosen. */
  readonly chosen: Readonly<Record<string, unknown>>;
}

/**
 * A sentence whose commands can be pasted: each that it names in backticks is called as this one was,
 * and is about the same deployment.
 */
export const pastable = (sentence: string, invocation: Invocation): string =>
  sentence.replaceAll(commands, (_, words: string) => `\`${called(words, invocation)}\``);

/** The commands that a sentence names, as they can be pasted. */
export const commandsIn = (sentence: string): readonly string[] =>
  [...sentence.matchAll(/`((?:npx )?(?:countersign|cdk) (?:'[^']*'|\\.|[^`'\\])*)`/g)].map(
    ([, command = '']) => command,
  );

/** The command that was typed, with another value of an option: `--stack`, `--after`. */
export function calledAgain(
  { program, parameters }: Pick<Invocation, 'program' | 'parameters'>,
  option: string,
  value: string,
): string {
  const choice = `${option} ${shellWord(value)}`;
  // Neither a terminal nor a log shall get a secret that was on the command line. And what cannot be seen is
  // not shown as it was typed; a line break within quotes would make two lines, each read as a command.
  if (parameters.some((word) => secrets.test(word) || visible(word) !== word)) {
    return `${program} ... ${choice}`;
  }
  const others = parameters.filter(
    (word, index) =>
      word !== option && !word.startsWith(`${option}=`) && parameters[index - 1] !== option,
  );
  const end = others.includes('--') ? others.indexOf('--') : others.length;
  const [before, behind] = [others.slice(0, end), others.slice(end)];
  return [program, ...before.map(shellWord), choice, ...behind.map(shellWord)].join(' ');
}

/** Quoted words of a command may hold backticks. */
const commands = /`countersign ((?:'[^']*'|\\.|[^`'\\])*)`/g;
const secrets = /^--(client-secret|access-token)(=|$)/;
const choosing = ['local', 'stack', 'region', 'profile'] as const;

function called(words: string, { program, chosen }: Invocation): string {
  const options = choosing.flatMap((name) => {
    const value = chosen[name];
    if (value === true) return [`--${name}`];
    return typeof value === 'string' ? [`--${name} ${shellWord(value)}`] : [];
  });
  return [program, words, ...options].join(' ');
}
