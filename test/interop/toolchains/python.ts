import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runWell } from '../running/program.ts';
import { cache, copyTo, ownFolder, pinned, type Toolchain } from './toolchain.ts';

const own = ownFolder('python');
const environment = join(cache, 'python');
const python = join(environment, 'bin', 'python');
const requirements = join(own, 'requirements.txt');
/** A copy of them, once all is there. */
const installed = join(environment, 'installed.txt');

/** A virtual environment of its own. */
export const pythonToolchain: Toolchain = {
  title: 'Python',
  needs: [
    {
      command: 'python3',
      parameters: ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 10))'],
    },
  ],
  async install() {
    const wanted = await readFile(requirements, 'utf8');
    if ((await readFile(installed, 'utf8').catch(() => '')) === wanted) return;
    await runWell({ command: 'python3', parameters: ['-m', 'venv', '--clear', environment] });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    const parameters = [...pip, '--cache-dir', join(cache, 'pip'), '-r', requirements];
    await runWell({ command: python, parameters });
    await writeFile(installed, wanted);
  },
  version: async (library) => pinned(await readFile(requirements, 'utf8'), `\n${library}=`),
  async build({ folder, files: [{ name }], drivers, authority }) {
    await copyTo(folder, own, drivers);
    const trust = { SSL_CERT_FILE: authority, REQUESTS_CA_BUNDLE: authority };
    const parameters = [...drivers, name];
    return { command: python, parameters, folder, environment: trust };
  },
};
