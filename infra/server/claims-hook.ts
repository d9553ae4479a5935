import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { functionFolder } from '../package-files.ts';
import { type ConfigurationError, wrongValue } from '../settings/configuration-error.ts';

/** A hook as it is deployed. */
export interface DeployedHook {
  /** Its name, for the environment. */
  readonly file: string;
  /** What is beside the bundle of the token function: the hook, and what asks it. */
  readonly files: Readonly<Record<string, string>>;
}

/** Bytes: what is read at each cold start has to be small. */
const largest = 1024 * 1024;

/**
 * Reads the owner's hook and tries whether it loads, as it will in Lambda: alone, in a folder with nothing beside it.
 * @param given absolute, or relative to the folder that the app runs in
 * @throws ConfigurationError when it is not there, is too large, cannot be bundled, or exports no function
 */
export function deployedHook(given: string): DeployedHook {
  const path = resolve(given);
  const wrong = (rule: string) => wrongValue('claimsHook', given, rule);
  if (!existsSync(path)) throw wrong(`must be a file that can be read, and ${path} is not`);
  const kind = kinds[extname(path)];
  if (!kind) throw wrong(`must be a file with the ending ${Object.keys(kinds).join(', ')}`);
  const { ending, text } = kind(path, wrong);
  if (Buffer.byteLength(text) > largest) throw wrong('must be at most 1 MB when it is bundled');
  const file = `hook${ending}`;
  const problem = loadProblem(file, text);
  if (problem !== undefined) throw wrong(problem);
  const runner = readFileSync(join(functionFolder('claims-hook/index'), 'index.mjs'), 'utf8');
  return { file, files: { [`claims-hook/${file}`]: text, 'claims-hook/index.mjs': runner } };
}

type Kind = (
  path: string,
  wrong: (rule: string) => ConfigurationError,
) => { readonly ending: string; readonly text: string };

const asItIs =
  (endingOf: (path: string) => string): Kind =>
  (path) => ({ ending: endingOf(path), text: readFileSync(path, 'utf8') });

const bundled: Kind = (path, wrong) => ({ ending: '.mjs', text: bundleOf(path, wrong) });

/** Ending of an owner's file -> what is deployed of it. */
const kinds: Readonly<Record<string, Kind>> = {
  '.mjs': asItIs(() => '.mjs'),
  '.cjs': asItIs(() => '.cjs'),
  '.js': asItIs((path) => endingByPackage(path)),
  '.ts': bundled,
  '.mts': bundled,
  '.cts': bundled,
};

/** What `.js` is in the owner's folder: his package.json stays at home. Where it does not say, Node looks for itself. */
const endingByPackage = (path: string): string =>
  ({ module: '.mjs', commonjs: '.cjs' })[kindOfModules(dirname(path))] ?? '.js';

function kindOfModules(folder: string): string {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest)) return String(JSON.parse(readFileSync(manifest, 'utf8')).type);
  return dirname(folder) === folder ? 'none' : kindOfModules(dirname(folder));
}

/** What is used of esbuild, whichever version the owner has. */
interface Esbuild {
  buildSync(options: object): { readonly outputFiles: readonly { readonly text: string }[] };
}

function bundleOf(path: string, wrong: (rule: string) => ConfigurationError): string {
  const esbuild = esbuildOf(path);
  if (!esbuild) {
    throw wrong(
      'is TypeScript, which needs esbuild: npm install --save-dev esbuild in your app, or write JavaScript',
    );
  }
  try {
    const { outputFiles } = esbuild.buildSync({
      ...{ entryPoints: [path], absWorkingDir: dirname(path), write: false, logLevel: 'silent' },
      ...{ bundle: true, platform: 'node', format: 'esm', target: 'node22' },
    });
    return outputFiles.map(({ text }) => text).join('');
  } catch (error) {
    throw wrong(`must be what esbuild can bundle: ${firstLine(error)}`);
  }
}

function esbuildOf(path: string): Esbuild | undefined {
  try {
    return createRequire(path)('esbuild');
  } catch {
    return undefined;
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .split('\n')
    .filter((line) => !/^Build failed/.test(line))
    .slice(0, 1)
    .join('');

/** Milliseconds in which a hook has to load. */
const loadingTime = 10_000;

/** Loads it in a process of its own, so that nothing of it is in the process of the app. */
function loadProblem(file: string, text: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-hook-'));
  try {
    const path = join(folder, file);
    writeFileSync(path, text);
    const script = `
      const { default: hook } = await import(${JSON.stringify(pathToFileURL(path).href)}).catch((error) => {
        console.error(String(error).split('\\n', 1)[0]);
        process.exit(1);
      });
      process.exit(typeof hook === 'function' ? 0 : 2);`;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--no-warnings', '--input-type=module', '--eval', script],
      { encoding: 'utf8', timeout: loadingTime, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    if (status === 0) return undefined;
    if (status === 2) return 'must have a default export that is a function';
    return `must load without other files: ${stderr.trim() || 'it did not end in 10 seconds'}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
