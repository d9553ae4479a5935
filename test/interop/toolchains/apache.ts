import { join } from 'node:path';
import { runWell } from '../running/program.ts';
import { copyTo, ownFolder, type Toolchain } from './toolchain.ts';

/** Where Debian puts the modules. */
const modules = '/usr/lib/apache2/modules';

/** Apache with mod_oauth2, where they are installed as on Debian. */
export const apache: Toolchain = {
  title: 'Apache',
  needs: [
    { command: 'apache2', parameters: ['-v'] },
    { command: 'test', parameters: ['-f', join(modules, 'mod_oauth2.so')] },
  ],
  install: async () => undefined,
  async version() {
    const parameters = ['-c', `strings ${modules}/mod_oauth2.so | sed -n 's/^mod_oauth2-//p'`];
    return (await runWell({ command: 'sh', parameters })).trim();
  },
  async build({ folder, files: [{ name }], drivers: [configuration = ''] }) {
    await copyTo(folder, ownFolder('apache'), [configuration]);
    const parameters = ['-DFOREGROUND', '-f', join(folder, configuration)];
    const environment = { MODULES: modules, FOLDER: folder, PRINTED: name };
    return { command: 'apache2', parameters, folder, environment };
  },
};
