import { longestClientName } from '../rules.ts';

/** Seconds: the longest life of a token of ours. */
const longestLifetime = 86_400;

/** A value as it fits here, and what was done about it. */
interface Fitted<Value> {
  readonly value: Value;
  readonly note?: string | undefined;
}

/** A name that people read: what cannot be seen and what is too long goes, for no client fails by it. */
export function fittedName(name: string): Fitted<string | undefined> {
  const visible = name.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const value = [...visible].slice(0, longestClientName).join('').trim();
  const note = `its name is kept as far as names go here: ${longestClientName} printable characters`;
  return { value: value === '' ? undefined : value, note: value === name ? undefined : note };
}

/** The life of a token: no longer than ours. A shorter one is safer, and clients read it from `expires_in`. */
export function fittedLifetime(seconds: number): Fitted<number> {
  if (seconds <= longestLifetime) return { value: seconds };
  return {
    value: longestLifetime,
    note: `its tokens live ${longestLifetime} seconds, the longest here, not ${seconds}`,
  };
}
