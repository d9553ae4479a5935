// Whatever Node is on the PATH runs this file, before anything else and even where nothing is
// installed. So it is JavaScript, which Node 20 reads too, and imports nothing but Node's modules.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The first Node whose node:crypto has ML-DSA keys; older ones lack RegExp.escape and more. */
const [oldestMajor, oldestMinor] = [24, 6];

/**
 * Ends the process with one sentence when the checkout cannot run: it names what is missing and
 * the command that mends it.
 * @param {{ command: string, packages: readonly string[] }} needs what the user typed, and the
 *   packages without which it does not work
 */
export function checkInstallation({ command, packages }) {
  const sentence = missingPackages(packages) ?? missingNode(command) ?? missingBundler(packages);
  if (sentence === undefined) return;
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function missingPackages(packages) {
  const missing = packages.find((name) => folderOf(name) === undefined);
  if (missing === undefined) return undefined;
  if (packages.every((name) => folderOf(name) === undefined)) {
    return 'the packages of package.json are not installed; install them with: npm ci';
  }
  return `the package ${missing} is not installed; install all of them with: ${wholeInstallation}`;
}

/** Whatever npm's settings and NODE_ENV leave out. */
const wholeInstallation = 'npm ci --include=dev --include=optional';

function missingNode(command) {
  const [major = 0, minor = 0] = process.version.slice(1).split('.').map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  const needed = `${command} needs Node ${oldestMajor}.${oldestMinor} or newer`;
  const found = `${needed}, and found ${process.version}`;
  const packaged = packagedNode();
  if (packaged === undefined)
    return `${found}: install Node ${oldestMajor} from https://nodejs.org`;
  if (folderOf(packaged) === undefined) {
    return `${found}: the package ${packaged}, which brings one, is not installed; install all of them with: ${wholeInstallation}`;
  }
  return `${needed}, and was started by ${process.version}; node_modules has a newer one, so start it by: ${command}`;
}

/**
 * The package that has Node for this platform. A package a platform, each with its integrity in the lock
 * file: an install script would fetch what nobody has checked.
 */
function packagedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const list = new URL('../../build/node/package.json', import.meta.url);
  const manifest = JSON.parse(readFileSync(list, 'utf8'));
  return name in manifest.optionalDependencies ? name : undefined;
}

/** esbuild bundles the functions. Its program is an optional package, or fetched when installed. */
function missingBundler(packages) {
  if (!packages.includes('esbuild')) return undefined;
  const program = `@esbuild/${process.platform}-${process.arch}`;
  if (folderOf(program) !== undefined) return undefined;
  const { status } = spawnSync(join(folderOf('esbuild'), 'bin/esbuild'), ['--version']);
  if (status === 0) return undefined;
  return `the package ${program} is not installed; install all of them with: ${wholeInstallation}`;
}

/** Where Node finds a package from here. */
function folderOf(name) {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
