import { constants } from 'node:os';
import { recorded } from '../report/report.ts';
import { benchOf } from './benches.ts';
import type { Run } from './surroundings.ts';

// A program of its own, which measures one bench and tells its report. It ends with the process that has started it.

// A signal kills a process without its exit event, which removes temporary folders.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(128 + constants.signals[signal]));
}
process.on('disconnect', () => process.exit());

const { name, plan, label }: Run = JSON.parse(process.argv[2] ?? '');
const progress = (line: string) => process.stderr.write(`${label}: ${line}\n`);
const report = await benchOf(name).run({ ...plan, progress });
process.send?.(recorded(report), () => process.disconnect());
