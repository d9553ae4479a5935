import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { RecordedReport } from '../report/report.ts';
import type { Run } from './surroundings.ts';

let running: ChildProcess | undefined;

/**
 * Measures a bench in a process of its own: nothing that others did before is compiled, or in memory.
 * @throws Error when it fails; it has said why on standard error
 */
export async function inOwnProcess(run: Run): Promise<RecordedReport> {
  const child = fork(new URL('./bench-process.ts', import.meta.url), [JSON.stringify(run)], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  running = child;
  const reports: RecordedReport[] = [];
  child.on('message', (report: RecordedReport) => reports.push(report));
  await once(child, 'exit');
  running = undefined;
  const [report] = reports;
  if (!report) throw new Error(`the bench ${run.name} has failed`);
  return report;
}

/** Ends what is running, by this signal, so that it leaves nothing behind. */
export async function interrupt(signal: NodeJS.Signals): Promise<void> {
  if (!running) return;
  const exit = once(running, 'exit');
  running.kill(signal);
  await exit;
}
