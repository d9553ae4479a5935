/**
 * Checks the version of a release.
 * @param tags of earlier releases, such as `v1.2.0`, and of anything else
 * @throws Error, one sentence, when it is none, or not newer than all that were released
 */
export function checkVersion(version: string, tags: readonly string[]): void {
  if (!/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.test(version)) {
    throw new Error(`"${version}" is no version of three numbers, such as 1.2.0.`);
  }
  const released = tags.filter((tag) => /^v\d+\.\d+\.\d+$/.test(tag)).map((tag) => tag.slice(1));
  const later = released.find((one) => compare(one, version) >= 0);
  if (later === undefined) return;
  throw new Error(`${version} is not newer than ${later}, which was released: take a later one.`);
}

function compare(one: string, other: string): number {
  const others = other.split('.').map(Number);
  const differences = one.split('.').map((part, index) => Number(part) - (others[index] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}

/** The text of package.json or package-lock.json with another version of the package itself. */
export function withVersion(json: string, version: string): string {
  const manifest = JSON.parse(json);
  manifest.version = version;
  const own = manifest.packages?.[''];
  if (own !== undefined) own.version = version;
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
