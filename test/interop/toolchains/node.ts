import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyTo, ownFolder, type Toolchain } from './toolchain.ts';

const own = ownFolder('node');
const project = join(import.meta.dirname, '../../..');

/** The project's own Node; libraries are dev dependencies of the project. */
export const node: Toolchain = {
  title: 'Node',
  needs: [],
  install: async () => undefined,
  async version(library) {
    const manifest = await readFile(join(project, 'node_modules', library, 'package.json'), 'utf8');
    return JSON.parse(manifest).version;
  },
  async build({ folder, files: [{ name }], drivers, authority }) {
    await copyTo(folder, own, drivers);
    const parameters = [...drivers, `./${name}`];
    const environment = { NODE_EXTRA_CA_CERTS: authority };
    return { command: process.execPath, parameters, folder, environment };
  },
};
