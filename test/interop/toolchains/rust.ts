import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runWell } from '../running/program.ts';
import { cache, copyTo, ownFolder, pinned, type Toolchain } from './toolchain.ts';

const own = ownFolder('rust');
const target = join(cache, 'rust');
const environment = { CARGO_HOME: join(cache, 'cargo'), CARGO_TARGET_DIR: target };

/** Rust with a crate of its own, whose dependencies are built once. */
export const rust: Toolchain = {
  title: 'Rust',
  needs: [{ command: 'cargo', parameters: ['--version'] }],
  // The first build fetches them.
  install: async () => undefined,
  version: async (library) =>
    pinned(await readFile(join(own, 'Cargo.toml'), 'utf8'), `\n${library} = { version = "=`),
  async build({ folder, files: [{ text }], drivers: [driver], authority }) {
    await copyTo(folder, own, ['Cargo.toml', 'Cargo.lock']);
    await mkdir(join(folder, 'src'));
    const caller = driver ? await readFile(join(own, driver), 'utf8') : '';
    await writeFile(join(folder, 'src/main.rs'), `${text}\n${caller}`);
    const parameters = ['build', '--quiet', '--locked', '--message-format=json-render-diagnostics'];
    const told = await runWell({ command: 'cargo', parameters, folder, environment });
    // The next recipe's takes its place.
    const program = join(folder, 'program');
    await copyFile(executableIn(told), program);
    return { command: program, parameters: [], folder, environment: { SSL_CERT_FILE: authority } };
  },
};

function executableIn(told: string): string {
  const lines = told.split('\n').filter((line) => line.startsWith('{'));
  const paths = lines.map((line) => JSON.parse(line).executable).filter(Boolean);
  return String(paths.at(-1));
}
