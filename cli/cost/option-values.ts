import { CliError } from '../io/cli-error.ts';
import { type Region, regions } from './price.ts';

const magnitudes: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

/** A larger number is a slip of the finger, and would lose cents to rounding. */
const largest = 1e13;

/**
 * Reads a whole number of at least 1, such as 10000000, 10_000_000, 10e6 or 10M.
 * @throws CliError
 */
export function countValue(text: string): number {
  const [, digits = '', exponent = '', magnitude = ''] =
    /^(\d+(?:_\d+)*(?:\.\d+)?)(?:e\+?(\d{1,2})|([kMG]))?$/.exec(text) ?? [];
  const count =
    Number(`${digits.replaceAll('_', '')}e${exponent || 0}`) * Number(magnitudes[magnitude]);
  if (digits !== '' && Number.isInteger(count) && count >= 1 && count <= largest) return count;
  throw new CliError(
    'a count is a whole number from 1 to 10e12, written 10000000, 10_000_000, 10e6 or 10M',
    2,
  );
}

/**
 * Reads how many instances there are on average: none, or a number that need not be whole.
 * @throws CliError
 */
export function instancesValue(text: string): number {
  const instances = decimal(text);
  if (instances >= 0 && instances <= largest) return instances;
  throw new CliError('instances are a number, such as 20 or 2.5', 2);
}

/**
 * Reads seconds: one or more.
 * @throws CliError
 */
export function secondsValue(text: string): number {
  const seconds = decimal(text);
  if (seconds >= 1 && seconds <= 86_400) return seconds;
  throw new CliError('seconds are a number of 1 or more, such as 5', 2);
}

/**
 * Reads how many requests share a signature: 1 or more.
 * @throws CliError
 */
export function factorValue(text: string): number {
  const factor = decimal(text);
  if (factor >= 1 && factor <= largest) return factor;
  throw new CliError('requests per signature are a number of 1 or more, such as 10 or 2.5', 2);
}

/**
 * Reads a share from 0 to 1.
 * @throws CliError
 */
export function shareValue(text: string): number {
  const share = decimal(text);
  if (share >= 0 && share <= 1) return share;
  throw new CliError('a share is a number from 0 to 1, such as 0.9', 2);
}

/**
 * Reads milliseconds: more than none, and no more than Lambda lets a function run.
 * @throws CliError
 */
export function millisecondsValue(text: string): number {
  const milliseconds = decimal(text);
  if (milliseconds > 0 && milliseconds <= 900_000) return milliseconds;
  throw new CliError('milliseconds are a number above 0, such as 21.5', 2);
}

const decimal = (text: string): number => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN);

/**
 * Reads the Region whose prices to use; us-east-1 if none is named.
 * @throws CliError when its prices are not known
 */
export function pricedRegion(name: string | undefined): Region {
  if (name === undefined) return 'us-east-1';
  const region = regions.find((known) => known === name);
  if (region) return region;
  throw new CliError(`prices are known for ${regions.join(', ')}, and not for ${name}`, 2);
}
