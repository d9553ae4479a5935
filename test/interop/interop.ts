import { writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { type InteropOptions, readOptions, usage } from './options.ts';
import { interopPage } from './pages/report.ts';
import { clients, verifiers } from './recipes/all.ts';
import { interop } from './running/interop-run.ts';
import { run } from './running/program.ts';
import type { Recipe } from './running/recipe.ts';
import type { Toolchain } from './toolchains/toolchain.ts';

// `npm run interop`. A further recipe is an entry in `recipes`, and a block of code with a name in a page.

// A signal kills a process without its exit event, which stops the programs.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(128 + constants.signals[signal]));
}

const progress = (line: string) => process.stderr.write(`${line}\n`);
const toolchains = [...new Set([...verifiers, ...clients].map(({ toolchain }) => toolchain))];
const help = usage(toolchains.map(({ title }) => title.toLowerCase()));

const options = read();
if (options.help) process.stdout.write(help);
else await runAll(options);

function read(): InteropOptions {
  try {
    const read = readOptions(process.argv.slice(2));
    const unknown = read.only.find((name) => ![...verifiers, ...clients].some(isNamed(name)));
    if (unknown === undefined) return read;
    throw new TypeError(`there is no recipe and no language ${unknown}`);
  } catch (error) {
    progress(`${error instanceof Error ? error.message : error}\n\n${help}`);
    process.exit(2);
  }
}

function isNamed(name: string) {
  return ({ title, toolchain }: Recipe): boolean =>
    [title, toolchain.title].some((candidate) => candidate.toLowerCase() === name);
}

async function runAll({ only, report }: InteropOptions): Promise<void> {
  const isChosen = (recipe: Recipe) =>
    only.length === 0 || only.some((name) => isNamed(name)(recipe));
  const chosen = [...verifiers, ...clients].filter(isChosen);
  const leftOut = await install(new Set(chosen.map(({ toolchain }) => toolchain)));
  const isThere = (recipe: Recipe) => isChosen(recipe) && !leftOut.has(recipe.toolchain);
  const results = await interop({
    verifiers: verifiers.filter(isThere),
    clients: clients.filter(isThere),
    progress,
  });
  const notRun = [...leftOut.values()];
  if (report !== undefined) {
    const named = await versions(chosen.filter(isThere));
    await writeFile(report, interopPage({ ...results, leftOut: notRun, named }));
  }
  summarize([...results.verified, ...results.got], notRun);
  // Who names a recipe wants to know that it works.
  if (only.length > 0 && notRun.length > 0) process.exitCode = 1;
}

/** Names recipes with the versions of their libraries. */
async function versions(recipes: readonly Recipe[]): Promise<(recipe: Recipe) => string> {
  const names = new Map<Recipe, string>();
  for (const recipe of recipes) {
    names.set(recipe, `${recipe.title} ${await recipe.toolchain.version(recipe.library)}`);
  }
  return (recipe) => names.get(recipe) ?? recipe.title;
}

/** Installs what the toolchains need; gives those that cannot run here, and why. */
async function install(wanted: ReadonlySet<Toolchain>): Promise<ReadonlyMap<Toolchain, string>> {
  const leftOut = new Map<Toolchain, string>();
  for (const toolchain of wanted) {
    progress(`${toolchain.title}: installing`);
    const missing = (await missingOf(toolchain)) ?? (await installationProblem(toolchain));
    if (missing === undefined) continue;
    leftOut.set(toolchain, `${toolchain.title}: ${missing}`);
    progress(`LEFT OUT ${toolchain.title}: ${missing}`);
  }
  return leftOut;
}

/** Why what the manifest pins cannot be had. Unlike a program that is not there, it is a failure. */
async function installationProblem(toolchain: Toolchain): Promise<string | undefined> {
  try {
    await toolchain.install();
    return undefined;
  } catch (error) {
    process.exitCode = 1;
    return String(error);
  }
}

async function missingOf({ needs }: Toolchain): Promise<string | undefined> {
  for (const program of needs) {
    const works = await run(program).then(
      ({ succeeded }) => succeeded,
      () => false,
    );
    if (!works) return `\`${[program.command, ...program.parameters].join(' ')}\` does not run`;
  }
  return undefined;
}

function summarize(
  results: readonly { readonly problem: string | undefined }[],
  leftOut: readonly string[],
): void {
  const failed = results.filter(({ problem }) => problem !== undefined).length;
  for (const line of leftOut) progress(`LEFT OUT ${line}`);
  progress(`${results.length - failed} passed, ${failed} failed, ${leftOut.length} left out`);
  if (failed > 0) process.exitCode = 1;
}
