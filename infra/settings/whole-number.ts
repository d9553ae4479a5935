/** Reads a whole number, or its decimal digits; undefined: it is none, or out of bounds. */
export function wholeNumber(
  value: unknown,
  { from, to }: { readonly from: number; readonly to: number },
): number | undefined {
  const isDigits = typeof value === 'string' && /^(0|[1-9]\d*)$/.test(value);
  const number = isDigits ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= from && number <= to
    ? number
    : undefined;
}
