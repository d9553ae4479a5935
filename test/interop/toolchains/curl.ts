import { runWell } from '../running/program.ts';
import type { Toolchain } from './toolchain.ts';

const telling = { command: 'curl', parameters: ['--version'] };

/** The curl of this computer, and its shell. */
export const curl: Toolchain = {
  title: 'curl',
  needs: [telling],
  install: async () => undefined,
  version: async () => (await runWell(telling)).split(' ')[1] ?? '',
  async build({ folder, files: [{ name }], authority }) {
    const environment = { CURL_CA_BUNDLE: authority };
    return { command: 'sh', parameters: [name], folder, environment };
  },
};
