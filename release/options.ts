import { parseArgs } from 'node:util';

/** What `npm run release` was asked for. */
export interface ReleaseOptions {
  /** Undefined: that of package.json. */
  readonly version: string | undefined;
  /** The tag that the release is made of; undefined: there is none yet. */
  readonly tag: string | undefined;
  readonly isDryRun: boolean;
  /** The folder of the files. */
  readonly out: string;
}

export const usage = `npm run release -- [--dry-run] [--version X.Y.Z] [--tag vX.Y.Z] [--out FOLDER]

  Makes the files of a release of the last commit: package, SBOM, notes and checksums. Then it
  commits the version and CHANGELOG.md, and tags that commit. It never publishes: the workflow
  does that, of the tag that you push.

  --dry-run   make the files, and leave the repository as it is
  --version   the version, if it is not that of package.json
  --tag       the release has this tag already: version and CHANGELOG.md must be those of it
  --out       where the files go, a folder that does not exist (default: release-files)
`;

/** @throws Error, one sentence, for an option that there is not */
export function parseOptions(args: readonly string[]): ReleaseOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'dry-run': { type: 'boolean', default: false },
      version: { type: 'string' },
      tag: { type: 'string' },
      out: { type: 'string', default: 'release-files' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { version, tag, out, 'dry-run': isDryRun } = values;
  if (tag !== undefined && !isDryRun) throw new Error('--tag needs --dry-run: the tag is there.');
  return { version, tag, out, isDryRun };
}
