import { type ReleasedChangelog, releasedChangelog } from './changelog.ts';
import type { Run } from './command.ts';
import type { ReleaseOptions } from './options.ts';
import { checkVersion, withVersion } from './version.ts';

/** What a release is to be. */
export interface ReleasePlan extends ReleasedChangelog {
  readonly version: string;
  /** Seconds of the epoch that stand for the time of the release, so that its files are always the same. */
  readonly epoch: number;
  /** Files that change with the release, and their texts. */
  readonly changes: Readonly<Record<string, string>>;
}

/** What a plan is made of. */
export interface PlanSource {
  /** Runs programs in the repository. */
  readonly run: Run;
  /** The text of a file of the last commit. */
  readonly read: (path: string) => Promise<string>;
  /** SOURCE_DATE_EPOCH; undefined: the time of the last commit. */
  readonly epoch: string | undefined;
}

/**
 * Works out a release, and changes nothing.
 * @throws Error, one sentence, when it must not be
 */
export async function planRelease(
  options: Pick<ReleaseOptions, 'version' | 'tag'>,
  { run, read, epoch }: PlanSource,
): Promise<ReleasePlan> {
  await checkClean(run);
  const manifest = JSON.parse(await read('package.json'));
  const version = options.version ?? String(manifest.version);
  const tags = (await run('git', 'tag', '--list')).split('\n');
  checkVersion(version, options.tag === undefined ? tags : []);
  const seconds = Number(epoch ?? (await run('git', 'log', '-1', '--format=%ct')));
  const date = new Date(seconds * 1000).toISOString().slice(0, 10);
  const text = await read('CHANGELOG.md');
  const changelog = releasedChangelog(text, version, date);
  const files = ['package.json', 'package-lock.json'];
  const versions =
    manifest.version === version
      ? []
      : await Promise.all(
          files.map(async (path) => [path, withVersion(await read(path), version)] as const),
        );
  const changes = {
    ...Object.fromEntries(versions),
    ...(changelog.text !== text && { 'CHANGELOG.md': changelog.text }),
  };
  if (options.tag !== undefined) {
    checkTag(options.tag, version, changes);
    checkRepository(manifest);
  }
  return { ...changelog, version, epoch: seconds, changes };
}

async function checkClean(run: Run): Promise<void> {
  const changed = await run('git', 'status', '--porcelain');
  if (changed === '') return;
  throw new Error(
    `a release is made of the last commit, but these files differ from it: commit them, or take them back.\n${changed}`,
  );
}

function checkTag(tag: string, version: string, changes: ReleasePlan['changes']): void {
  if (tag !== `v${version}`) {
    throw new Error(`the tag is ${tag}, but package.json says version ${version}.`);
  }
  const missing = Object.keys(changes);
  if (missing.length === 0) return;
  throw new Error(
    `${tag} is not prepared: make it by npm run release, which changes ${missing.join(', ')}.`,
  );
}

/** Before any file is made: npm would refuse the package at the very end. */
function checkRepository({ repository }: { readonly repository?: unknown }): void {
  if (repository !== undefined) return;
  throw new Error(
    'package.json names no repository, with which npm compares the provenance of a package: add it.',
  );
}
