import { type FoundPackage, foundPackage, type Manifest, manifest } from './package-files.ts';
import { ConfigurationError } from './settings/configuration-error.ts';

// index.ts imports this module before all others: they fail on what is missing in words of their own.

/** What there is. */
interface Surroundings {
  /** As `process.version` says it. */
  readonly node: string;
  readonly find: (name: string) => FoundPackage | undefined;
}

/** A sentence about the first thing that is too old or missing; npm only warns of both. */
export function unmetRequirement(
  { engines, peerDependencies }: Omit<Manifest, 'version'>,
  { node, find }: Surroundings,
): string | undefined {
  const leastNode = leastOf(engines.node);
  if (isOlder(node, leastNode)) {
    return `countersign needs Node ${leastNode} or newer, and was started by ${node}.`;
  }
  const peers = Object.entries(peerDependencies).map(([name, range]) =>
    unmetPeer(name, leastOf(range), find(name)),
  );
  return peers.find((sentence) => sentence !== undefined);
}

function unmetPeer(
  name: string,
  least: string,
  found: FoundPackage | undefined,
): string | undefined {
  const needed = `countersign needs ${name} ${least} or newer`;
  if (found === undefined) {
    return `${needed}, and found none: install it with npm install ${name}.`;
  }
  if (!isOlder(found.version, least)) return undefined;
  return `${needed}, and found ${found.version} in ${found.folder}: update it with npm install ${name}@latest.`;
}

/** Of a range such as `^2.224.0` or `>=22.12`. */
const leastOf = (range: string): string => range.replace(/^\D+/, '');

function isOlder(version: string, least: string): boolean {
  const [found, needed] = [numbersOf(version), numbersOf(least)];
  const differs = needed.findIndex((number, place) => number !== (found[place] ?? 0));
  return differs !== -1 && (found[differs] ?? 0) < (needed[differs] ?? 0);
}

const numbersOf = (version: string): readonly number[] => (version.match(/\d+/g) ?? []).map(Number);

const missing = unmetRequirement(manifest(), { node: process.version, find: foundPackage });
if (missing !== undefined) throw new ConfigurationError(missing);
