import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

/**
 * Where a Chromium is on this computer; undefined, and said loudly, where there is none.
 * @throws Error in place of that where REQUIRE_BROWSER is 1
 */
export function chromiumPath(
  { PATH = '', REQUIRE_BROWSER }: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const folders = PATH.split(delimiter);
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const found = paths.find(isExecutable);
  if (found) return found;
  const missing = `there is no Chromium in PATH. Its name would be ${names.join(', ')}.`;
  if (REQUIRE_BROWSER === '1') throw new Error(`REQUIRE_BROWSER is 1, and ${missing}`);
  process.stderr.write(`\n*** NOT TESTED IN A BROWSER: ${missing}\n`);
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
