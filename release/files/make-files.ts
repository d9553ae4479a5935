import { resolve } from 'node:path';
import { buildAll, publishedPackages } from '../../build/dist.ts';
import manifest from '../../package.json' with { type: 'json' };
import { runIn } from '../command.ts';
import { writeBillOfMaterials } from './bill-of-materials.ts';
import { writeChecksums } from './checksums.ts';
import { writeTemplates } from './templates.ts';

// The files of a release of this checkout, into a folder: node release/files/make-files.ts FOLDER EPOCH

const [folder = '', epoch = ''] = process.argv.slice(2);
const out = resolve(folder);
const checkout = resolve(import.meta.dirname, '../..');
const { name, version } = manifest;

/** What there is to make, each a file or more; all are in the checksums. */
const makers: Readonly<Record<string, () => Promise<unknown>>> = {
  package: () => runIn(checkout)('npm', 'pack', '--pack-destination', out),
  templates: () => writeTemplates(resolve(out, `${name}-templates-${version}.zip`), checkout),
  'bill of materials': async () =>
    writeBillOfMaterials(resolve(out, `${name}-${version}.cdx.json`), {
      name,
      version,
      license: manifest.license,
      packages: await publishedPackages(),
      time: new Date(Number(epoch) * 1000),
    }),
};

await buildAll();
for (const make of Object.values(makers)) await make();
await writeChecksums(out);
