import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benches, benchOf } from './benches.ts';
import { Refusal } from './refusal.ts';

/** Which benches are measured, and what becomes of it. */
export interface Measuring {
  readonly names: readonly string[];
  readonly quick: boolean;
  readonly check: boolean;
  readonly runs: number;
  /** Where reports are written to; undefined: nowhere. */
  readonly out: string | undefined;
  /** Where the reports of before are. */
  readonly against: string;
}

/** What `npm run bench` is asked for. */
export type Command =
  | { readonly help: true }
  | { readonly plot: string }
  | { readonly compare: { readonly before: string; readonly now: string } }
  | { readonly measure: Measuring };

const committed = 'docs/bench';

export const usage = `Usage: npm run bench [-- [OPTION...] [NAME...]]
       npm run bench -- plot [--out FOLDER]
       npm run bench -- compare BEFORE [NOW]

Measures the benches named, or all but those marked with *, each in a process of its own. Each prints its report
and writes it to ${committed} as NAME.json, NAME.md and NAME.svg; README.md there has the targets of all.

  --quick           fewer rounds and requests: two minutes for all. Says of each target whether it is met, missed
                    or too noisy to tell, and what has changed since the reports in ${committed}. Writes nothing.
  --check           exits with 1 where a figure is worse than in ${committed}, beyond the intervals of both,
                    twice in a row; with 3 where a bench failed, or had no report of this kind of machine to
                    be compared with. Writes nothing. Goes with --quick.
  --runs N          measures each bench N times: the figures are the medians of the runs' medians
  --out FOLDER      writes the reports there
  --against FOLDER  compares with the reports there
  --help

  plot              measures nothing: draws the reports in FOLDER anew
  compare           measures nothing: prints what has changed from the reports in BEFORE to those in NOW
                    (${committed})

${Object.entries(benches)
  .map(
    ([name, { measures, onlyIfNamed }]) =>
      `  ${`${name}${onlyIfNamed ? '*' : ''}`.padEnd(24)}${measures}`,
  )
  .join('\n')}
`;

/** @throws Refusal */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  const [first, ...others] = positionals;
  if (values.help) return { help: true };
  if (first === 'plot') return plotting(values, others);
  if (first === 'compare') return comparing(values, others);
  return { measure: measuring(values, positionals) };
}

type Values = ReturnType<typeof parse>['values'];

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        runs: { type: 'string' },
        out: { type: 'string' },
        against: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    const [sentence] = String(error instanceof Error ? error.message : error).split(/\.\s/);
    throw new Refusal(`${sentence}; --help tells what there is`);
  }
}

function plotting({ out = committed, ...values }: Values, others: readonly string[]): Command {
  if (others.length > 0 || isSet(values)) throw new Refusal('plot takes --out, and nothing else');
  return { plot: out };
}

function comparing(
  values: Values,
  [before, now = committed, ...others]: readonly string[],
): Command {
  if (before === undefined || others.length > 0 || isSet(values)) {
    throw new Refusal('compare takes one folder or two, and nothing else');
  }
  return { compare: { before: before, now } };
}

const isSet = (values: object): boolean => Object.values(values).some((value) => value);

function measuring(values: Values, names: readonly string[]): Measuring {
  for (const name of names) benchOf(name);
  const { quick, check, runs = '1', against = committed } = values;
  if (!/^[1-9]\d?$/.test(runs)) throw new Refusal('--runs takes a number from 1 to 99');
  const out = values.out ?? (quick || check ? undefined : committed);
  if (quick && out !== undefined && resolve(out) === resolve(committed)) {
    throw new Refusal(`${committed} is for what was not measured quickly: give another --out`);
  }
  return { names, quick, check, runs: Number(runs), out, against };
}
