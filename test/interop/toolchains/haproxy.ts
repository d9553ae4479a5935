import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runWell } from '../running/program.ts';
import { copyTo, ownFolder, type Toolchain } from './toolchain.ts';

const telling = { command: 'haproxy', parameters: ['-v'] };

/** The HAProxy of this computer. */
export const haproxy: Toolchain = {
  title: 'HAProxy',
  needs: [telling],
  install: async () => undefined,
  version: async () => /version (\d[\d.]*)/.exec(await runWell(telling))?.[1] ?? '',
  async build({ folder, files: [{ name }, keys], drivers: [base = ''], authority, environment }) {
    await copyTo(folder, ownFolder('haproxy'), [base]);
    const withKeys = { ...environment, KEYS: join(folder, 'keys') };
    await mkdir(withKeys.KEYS);
    await runWell({
      command: process.execPath,
      parameters: [keys?.name ?? ''],
      folder,
      environment: { ...withKeys, NODE_EXTRA_CA_CERTS: authority },
    });
    const parameters = ['-db', '-f', base, '-f', name];
    return { command: 'haproxy', parameters, folder, environment: withKeys };
  },
};
