import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { shellWord } from '../../registry/command-hint.ts';
import { type CommandLine, printer } from '../command/command-context.ts';
import { appFiles } from './app-files.ts';
import { dependencyOn, type InstalledPackage, installedFrom } from './installed-from.ts';
import { takeFolder, writeFiles } from './new-folder.ts';

interface InitOptions {
  readonly from?: string;
}

/** Defines `countersign init`, which makes an app of the owner's own. */
export function defineInit(command: Command, commandLine: CommandLine): void {
  command
    .argument('[folder]', 'a new or empty folder', '.')
    .option('--from <source>', 'what the app gets countersign by, if not as it was installed here')
    .addHelpText('after', examples)
    .action((folder: string, options: InitOptions, self: Command) =>
      init(commandLine, folder, options, self),
    );
}

async function init(
  commandLine: CommandLine,
  folder: string,
  { from }: InitOptions,
  self: Command,
): Promise<void> {
  const countersign =
    from === undefined
      ? installedFrom(ownPackage(), folder)
      : { dependency: dependencyOn(from, folder) };
  const files = appFiles(countersign);
  await takeFolder(folder);
  await writeFiles(folder, files);
  const next = [...(folder === '.' ? [] : [`cd ${asWord(folder)}`]), ...commands];
  const names = Object.keys(files);
  printer(
    commandLine.terminal,
    self,
  )({
    json: { folder, files: names, next },
    text: [`Made in ${folder}: ${names.join(', ')}`, ...advice, '', ...indented(next)].join('\n'),
  });
}

const advice = [
  '',
  'The settings are in countersign.json. Set "issuer" there if it is to be a domain of yours: every client and',
  'every API will know it by name. Then:',
];

const commands = ['npm install', 'npx cdk bootstrap', 'npx cdk deploy'];

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

/** A path as a shell takes it, and never for an option. */
function asWord(path: string): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path);
}

/** The package that this file is in: its sources, or what is built of them. */
function ownPackage(): InstalledPackage {
  const { name, version } = manifest;
  return { root: rootAbove(import.meta.dirname), name, version };
}

// What is built has a package.json as well, without a name.
const rootAbove = (folder: string): string =>
  isNamed(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder));

const isNamed = (file: string): boolean =>
  existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === manifest.name;

const examples = `
Examples:
  $ countersign init auth
  $ countersign init . --from ../countersign-0.1.0.tgz`;
