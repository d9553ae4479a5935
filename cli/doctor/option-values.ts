import { issuerValue } from '../command/option-values.ts';
import { stackNameValue } from '../command/place-values.ts';
import { CliError } from '../io/cli-error.ts';
import { isEndpoint } from './examination/metadata.ts';

/**
 * Checks an issuer and keeps it to the byte: `issuerValue` would normalize it, and verifiers compare
 * the text (RFC 8414 §3.3).
 * @throws CliError
 */
export function issuerText(text: string): string {
  if (/[\s\p{Cc}]/u.test(text)) throw new CliError('an issuer is a URL without blanks', 2);
  issuerValue(text);
  return text;
}

/**
 * Reads the URL of an API and adds it to those before it.
 * @throws CliError
 */
export function apiListValue(text: string, before: readonly URL[] = []): readonly URL[] {
  const url = URL.parse(text);
  if (url && isEndpoint(url)) return [...before, url];
  throw new CliError(
    'an API is an https URL without user and password (http only for this computer)',
    2,
  );
}

/**
 * Reads the name of a stack and adds it to those before it.
 * @throws CliError
 */
export function listedStack(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, stackNameValue(text)];
}

/**
 * Reads the seconds within which an API refuses what was revoked.
 * @throws CliError
 */
export function respiteValue(text: string): number {
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= 3600) return seconds;
  throw new CliError('it is 1 to 3600 seconds, the refuseRevokedWithin of the APIs', 2);
}
