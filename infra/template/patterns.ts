/**
 * What a parameter of CloudFormation may be, as patterns: its templates know no other check of a text, and its
 * numbers may have fractions. Written for Java's regular expressions and ours alike.
 */

/** Whole numbers between two limits, in decimal digits without a zero in front. */
export function wholeNumber({ from, to }: { readonly from: number; readonly to: number }): string {
  const ends = sameLength(from, to);
  return `(?:${ends.map(([first, last]) => digits(String(first), String(last))).join('|')})`;
}

/** Divides a range where numbers get a digit more: 5 to 120 is 5 to 9, 10 to 99 and 100 to 120. */
function sameLength(from: number, to: number): readonly (readonly [number, number])[] {
  const longest = 10 ** String(from).length - 1;
  if (to <= longest) return [[from, to]];
  return [[from, longest], ...sameLength(longest + 1, to)];
}

/** Texts of digits of the same length, from one to another. */
function digits(from: string, to: string): string {
  if (from === '') return '';
  if (isWhole(from, to)) return anyDigits(from.length);
  const [first, rest, last, lastRest] = [from[0], from.slice(1), to[0], to.slice(1)];
  if (first === last) return first + digits(rest, lastRest);
  const [lowest, highest] = [rest.replaceAll(/./g, '0'), rest.replaceAll(/./g, '9')];
  const between = [Number(first) + 1, Number(last) - 1] as const;
  const middle = between[0] > between[1] ? [] : [oneOf(...between) + anyDigits(rest.length)];
  return `(?:${[first + digits(rest, highest), ...middle, last + digits(lowest, lastRest)].join('|')})`;
}

const isWhole = (from: string, to: string): boolean => /^0+$/.test(from) && /^9+$/.test(to);

const anyDigits = (count: number): string => '\\d'.repeat(count);

const oneOf = (from: number, to: number): string => (from === to ? `${from}` : `[${from}-${to}]`);

const octet = wholeNumber({ from: 0, to: 255 });
const port = wholeNumber({ from: 1, to: 65_535 });
const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const address = `${octet}(?:\\.${octet}){3}`;
const host = `(?:${address}|(?:${label}\\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?)`;
const portBut = (usual: number): string => `(?::(?!${usual}\\b)${port})?`;

/** The host and the port of an https URL, as an origin has them. */
export const httpsOrigin = `https://${host}${portBut(443)}`;

const loopback = `(?:localhost|\\[::1\\]|127(?:\\.${octet}){3})`;

/** An origin to which secrets may be sent: https, or http to this computer. */
export const secureOrigin = `(?:${httpsOrigin}|http://${loopback}${portBut(80)})`;

/** What all of a text is, or may be. */
export const whole = (...choices: readonly string[]): string => `^(?:${choices.join('|')})$`;
