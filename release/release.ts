import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { filesOfClone } from './checkout.ts';
import { runIn } from './command.ts';
import { parseOptions, type ReleaseOptions, usage } from './options.ts';
import { planRelease, type ReleasePlan } from './plan.ts';

const root = resolve(import.meta.dirname, '..');
const run = runIn(root);

/** `npm run release`. */
async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    say(usage);
    return;
  }
  const plan = await planRelease(options, {
    run,
    read: (path) => readFile(join(root, path), 'utf8'),
    epoch: process.env.SOURCE_DATE_EPOCH,
  });
  await makeFiles(options.out, plan);
  say(`The files of ${plan.version} are in ${options.out}:`);
  for (const name of await readdir(options.out)) say(`  ${name}`);
  await (options.isDryRun ? sayPlan(options, plan) : tagRelease(plan));
}

async function makeFiles(out: string, plan: ReleasePlan): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-release-'));
  try {
    await mkdir(out).catch(() => {
      throw new Error(
        `${out} cannot be made: remove it if it is there, or name another one by --out.`,
      );
    });
    await filesOfClone(root, { clone: join(folder, 'countersign'), out: resolve(out) }, plan);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function sayPlan({ tag }: ReleaseOptions, { version, changes }: ReleasePlan): void {
  if (tag !== undefined) {
    say('Nothing was published.');
    return;
  }
  const changed = Object.keys(changes);
  say(
    'This was a dry run: nothing was changed, and nothing was published. Without --dry-run it would',
  );
  if (changed.length > 0)
    say(`  write version ${version} into ${changed.join(', ')}, and commit that`);
  say(`  tag that commit v${version}`);
  say('and the workflow, once you push the tag, would test, publish to npm and make the release.');
}

async function tagRelease({ version, changes }: ReleasePlan): Promise<void> {
  const changed = Object.keys(changes);
  for (const [path, text] of Object.entries(changes)) await writeFile(join(root, path), text);
  if (changed.length > 0) {
    await run('git', 'commit', '--quiet', '--message', `Release ${version}`, '--', ...changed);
  }
  await run('git', 'tag', '--annotate', '--message', `Release ${version}`, `v${version}`);
  say(`v${version} is tagged, and nothing was published. The workflow does that, once you push:`);
  say(`  git push --atomic origin HEAD v${version}`);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
