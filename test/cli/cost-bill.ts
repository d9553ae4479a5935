import { expect } from 'vitest';
import { inProcess } from './command.ts';

/** A line of a bill, as --json has it. */
export interface Line {
  readonly what: string;
  readonly quantity: number;
  readonly unit_prices: readonly number[];
  readonly amount: number;
}

/** A part of a bill. */
export interface Part {
  readonly lines: readonly Line[];
  readonly amount: number;
}

/** What people see of a bill. */
export async function costText(...parameters: readonly string[]): Promise<string> {
  const outcome = await inProcess(['cost', ...parameters]);
  expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  return outcome.stdout;
}

/** A bill, as --json has it. */
export const cost = async (...parameters: readonly string[]) =>
  JSON.parse(await costText(...parameters, '--json'));

/** What each line costs, in dollars. */
export const amounts = ({ lines }: Part) =>
  Object.fromEntries(lines.map(({ what, amount }) => [what, amount]));

/** One line. */
export const lineOf = ({ lines }: Part, what: string): Line | undefined =>
  lines.find((line) => line.what === what);

/** Dollars, to less than a tenth of a cent. */
export const about = (amount: number) => expect.closeTo(amount, 3);
