import { run } from '../running/program.ts';
import { copyTo, ownFolder, type Toolchain } from './toolchain.ts';

const telling = { command: 'nginx', parameters: ['-v'] };

/** The nginx of this computer, and the Node of the project beside it. */
export const nginx: Toolchain = {
  title: 'nginx',
  needs: [telling],
  install: async () => undefined,
  // It says so on its standard error.
  version: async () => /nginx\/(\d[\d.]*)/.exec((await run(telling)).stderr)?.[1] ?? '',
  async build({ folder, files: [{ name }, program], drivers, authority }) {
    await copyTo(folder, ownFolder('nginx'), drivers);
    const [driver = '', base = ''] = drivers;
    const parameters = [driver, base, name, program?.name ?? ''];
    const environment = { NODE_EXTRA_CA_CERTS: authority };
    return { command: process.execPath, parameters, folder, environment };
  },
};
