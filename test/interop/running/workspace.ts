import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allPrintedFiles, type PrintedFile } from '../pages/printed-files.ts';
import { cache } from '../toolchains/toolchain.ts';
import type { Program } from './program.ts';
import type { Recipe } from './recipe.ts';

/** A recipe's program, and the folder that it lies in for as long as it is used. */
export interface BuiltRecipe extends AsyncDisposable {
  readonly program: Program;
}

/** What a recipe is built with. */
export interface Building {
  /** Words of the page, and what takes their place. */
  readonly exchanged: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly authority: string;
}

/**
 * Makes a program of what the pages print.
 * @throws Error when a page does not print it, or when it cannot be built
 */
export async function build(
  recipe: Recipe,
  { exchanged, environment, authority }: Building,
): Promise<BuiltRecipe> {
  const work = join(cache, 'work');
  await mkdir(work, { recursive: true });
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(work, 'recipe-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const files = (await printed(recipe)).map(({ name, text }) => ({
    name,
    text: exchange(text, exchanged),
  }));
  await Promise.all(files.map(({ name, text }) => writeFile(join(folder, name), text)));
  const [first, ...others] = files;
  if (!first) throw new Error('a recipe has a file at least');
  const { toolchain, drivers = [] } = recipe;
  const program = await toolchain.build({
    folder,
    files: [first, ...others],
    drivers,
    authority,
    environment,
  });
  const running = started.move();
  return {
    program: { ...program, environment: { ...environment, ...program.environment } },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function printed({ files }: Recipe): Promise<readonly PrintedFile[]> {
  const all = await allPrintedFiles();
  return files.map((name) => {
    const file = all.find((candidate) => candidate.name === name);
    if (!file) throw new Error(`no page prints ${name}`);
    return file;
  });
}

const exchange = (text: string, words: Readonly<Record<string, string>>): string =>
  Object.entries(words).reduce((before, [word, other]) => before.replaceAll(word, other), text);
