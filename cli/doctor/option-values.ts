import { CliError } from '../cli-error.ts';
import { stackValue } from '../option-values.ts';
import { isEndpoint } from './plain-url.ts';

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

/** Reads the name of a stack and adds it to those before it. */
export function stackListValue(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, stackValue(text)];
}
