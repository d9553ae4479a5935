import { shellWord } from '../../registry/command-hint.ts';
import type { KnownCommand, Values } from './tree.ts';

/** A branch of a `case` of bash and zsh: a pattern, and what is done. */
export type Branch = readonly [pattern: string, body: string];

/** Branches as they stand in a `case`. */
export const caseText = (branches: readonly Branch[]): string =>
  branches.map(([pattern, body]) => `    ${pattern}) ${body} ;;`).join('\n');

/** What an option takes, by the path of its command and its name; an option of the program counts everywhere. */
export const valueBranches = (commands: readonly KnownCommand[]): readonly Branch[] =>
  commands.flatMap(({ path, options }) =>
    options
      .filter(({ values }) => values !== 'nothing')
      .map(({ word, values }): Branch => {
        const pattern = path === '' ? `*' ${word}'` : shellWord(`${path} ${word}`);
        return [pattern, `values=${shellWord(valuesText(values))}`];
      }),
  );

/** The words that lead from a command to one below it. */
export const commandBranches = (commands: readonly KnownCommand[]): readonly Branch[] => [
  [
    commands
      .filter(({ path }) => path !== '')
      .map(({ path }) => `'${path}'`)
      .join(' | '),
    'return 0',
  ],
];

const valuesText = (values: Values): string =>
  typeof values === 'string' ? `@${values}` : values.join(' ');
