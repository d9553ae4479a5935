import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runWell } from '../running/program.ts';
import { cache, copyTo, ownFolder, pinned, type Toolchain } from './toolchain.ts';

const own = ownFolder('go');
const environment = {
  GOMODCACHE: join(cache, 'go/mod'),
  GOCACHE: join(cache, 'go/build'),
  // So that the cache can be deleted.
  GOFLAGS: '-modcacherw',
};

/** Go with a module of its own. */
export const go: Toolchain = {
  title: 'Go',
  needs: [{ command: 'go', parameters: ['version'] }],
  async install() {
    await runWell({ command: 'go', parameters: ['mod', 'download'], folder: own, environment });
  },
  version: async (library) => pinned(await readFile(join(own, 'go.mod'), 'utf8'), `${library} `),
  async build({ folder, drivers, authority }) {
    await copyTo(folder, own, ['go.mod', 'go.sum', ...drivers]);
    await runWell({
      command: 'go',
      parameters: ['build', '-o', 'program', '.'],
      folder,
      environment,
    });
    const trust = { SSL_CERT_FILE: authority };
    return { command: join(folder, 'program'), parameters: [], folder, environment: trust };
  },
};
