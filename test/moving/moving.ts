import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pythonToolchain } from '../interop/toolchains/python.ts';
import { manyImported } from './many-clients.ts';
import { type MovingRecord, moved } from './move.ts';
import { movingPage } from './page.ts';
import { hydra } from './systems/hydra.ts';
import { keycloak } from './systems/keycloak.ts';

// `npm run moving`: clients of other systems ask there and, once they are imported, here: with the same secret.

const { values } = parseArgs({
  options: {
    report: { type: 'string' },
    hydra: { type: 'string' },
    keycloak: { type: 'string' },
    many: { type: 'string' },
  },
});
const say = (line: string) => process.stderr.write(`${line}\n`);

const systems = [hydra(values.hydra), keycloak(values.keycloak)];
const present = systems.filter(({ missing }) => missing === undefined);
for (const { title, missing } of systems) {
  if (missing !== undefined) say(`NOT MOVED FROM: ${title}, for ${missing}`);
}
if (present.length > 0) await pythonToolchain.install();

const records: MovingRecord[] = [];
for (const system of present) {
  say(`${system.title}: moving`);
  records.push(await inFolder((folder) => moved(system, folder)));
}
const { many } = values;
if (many !== undefined) say(`${many} clients: importing`);
const measured =
  many === undefined ? undefined : await inFolder((folder) => manyImported(Number(many), folder));
const page = movingPage(records, measured);
process.stdout.write(page);
if (values.report !== undefined) await writeFile(values.report, page);
if (records.length < systems.length || records.some(({ succeeded }) => !succeeded)) {
  process.exitCode = 1;
}

async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-moving-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
