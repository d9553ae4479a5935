import { closeSync, openSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** What `npm run interop` is asked to do. */
export interface InteropOptions {
  readonly help: boolean;
  /** Names of toolchains and recipes, in lower case; empty: all. */
  readonly only: readonly string[];
  /** Where the page is written; undefined: nowhere. */
  readonly report: string | undefined;
}

/** What is told of the command. */
export const usage = (toolchains: readonly string[]): string => `Usage: npm run interop [-- OPTIONS]

Runs the recipes of docs/verify.md and docs/client-recipes.md as they are printed, against local stacks on
free ports. Downloads stay in .interop. A language or a server that is not installed is left out.

  --only NAMES     these alone, parted by commas: ${toolchains.join(', ')}, or the name of a recipe
  --report FILE    writes the page with the tables, as docs/interop.md
  --help

Exit codes: 0 all that was run did as it should, 1 something did not, 2 wrong usage.
`;

/**
 * Reads the arguments.
 * @throws Error when they are wrong, or the report could not be written after all has run
 */
export function readOptions(args: readonly string[]): InteropOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      only: { type: 'string', multiple: true, default: [] },
      report: { type: 'string' },
    },
  });
  const { help, report } = values;
  const names = values.only.flatMap((listed) => listed.toLowerCase().split(','));
  if (report !== undefined) closeSync(openSync(report, 'a'));
  return { help, only: names.map((name) => name.trim()), report };
}
