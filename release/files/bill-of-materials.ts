import { writeFile } from 'node:fs/promises';
import { Enums, Models, Serialize, Spec, Validation } from '@cyclonedx/cyclonedx-library';
import type { BundledPackage } from '../../build/third-party/packages.ts';

/** A package, and what of others is in it. */
export interface Release {
  readonly name: string;
  readonly version: string;
  /** SPDX. */
  readonly license: string;
  readonly packages: readonly BundledPackage[];
  readonly time: Date;
}

/**
 * Writes the software bill of materials (CycloneDX 1.6): what is in the bundles, not what is installed.
 * @throws Error when it does not fit the schema of CycloneDX
 */
export async function writeBillOfMaterials(path: string, release: Release): Promise<void> {
  await writeFile(path, `${await billOfMaterials(release)}\n`);
}

/** The same as a text; always the same for the same release. */
export async function billOfMaterials(release: Release): Promise<string> {
  const bom = new Models.Bom();
  const own = component(release);
  bom.metadata.timestamp = release.time;
  bom.metadata.component = own;
  const byName = new Map(release.packages.map((one) => [packageUrl(one), one]));
  for (const one of byName.values()) {
    const part = component(one);
    bom.components.add(part);
    own.dependencies.add(part.bomRef);
  }
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  const text = new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 2 });
  const problem = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text);
  if (problem === null) return text;
  throw new Error(`the bill of materials does not fit its schema: ${JSON.stringify(problem)}`);
}

function component(one: Pick<Release, 'name' | 'version' | 'license'>): Models.Component {
  const [name = one.name, group] = one.name.split('/').toReversed();
  const purl = packageUrl(one);
  return new Models.Component(Enums.ComponentType.Library, name, {
    ...(group !== undefined && { group }),
    version: one.version,
    purl,
    bomRef: purl,
    licenses: new Models.LicenseRepository([new Models.SpdxLicense(one.license)]),
  });
}

const packageUrl = ({ name, version }: Pick<Release, 'name' | 'version'>): string =>
  `pkg:npm/${name.replace('@', '%40')}@${version}`;
