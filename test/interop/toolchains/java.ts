import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runWell } from '../running/program.ts';
import { cache, copyTo, ownFolder, pinned, type Toolchain } from './toolchain.ts';

const own = ownFolder('java');
const classPathFile = join(cache, 'java.classpath');

/** Java 17 or newer; Maven fetches the libraries. */
export const java: Toolchain = {
  title: 'Java',
  needs: [
    { command: 'mvn', parameters: ['--version'] },
    { command: 'javac', parameters: ['--release', '17', '--version'] },
  ],
  async install() {
    const options = ['--quiet', '--batch-mode', `-Dmaven.repo.local=${join(cache, 'maven')}`];
    await runWell({
      command: 'mvn',
      parameters: [...options, 'dependency:build-classpath', `-Dmdep.outputFile=${classPathFile}`],
      folder: own,
    });
  },
  async version(library) {
    const manifest = await readFile(join(own, 'pom.xml'), 'utf8');
    return pinned(manifest.replaceAll(/\s+/g, ''), `${library}</artifactId><version>`);
  },
  async build({ folder, files: [{ name }], drivers, authority }) {
    await copyTo(folder, own, drivers);
    const classPath = `${folder}:${await readFile(classPathFile, 'utf8')}`;
    const sources = (await readdir(folder)).filter((file) => file.endsWith('.java'));
    // Spring binds parameters by their names.
    const compiling = ['-parameters', '-cp', classPath, '-d', folder, ...sources];
    await runWell({ command: 'javac', parameters: compiling, folder });
    const main = (drivers[0] ?? name).replace('.java', '');
    const trust = await trustStore(folder, authority);
    return { command: 'java', parameters: [...trust, '-cp', classPath, main, name], folder };
  },
};

async function trustStore(folder: string, authority: string): Promise<readonly string[]> {
  const file = join(folder, 'trust.p12');
  const store = ['-keystore', file, '-storepass', 'changeit', '-storetype', 'PKCS12'];
  const parameters = ['-importcert', '-noprompt', '-alias', 'authority', '-file', authority];
  await runWell({ command: 'keytool', parameters: [...parameters, ...store] });
  return [`-Djavax.net.ssl.trustStore=${file}`, '-Djavax.net.ssl.trustStorePassword=changeit'];
}
