import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A process that runs. */
export interface Process {
  readonly pid: number;
  readonly ppid: number;
  /** With its parameters. */
  readonly command: string;
}

/** The processes that a process has started, and those that they have started. */
export async function descendants(ancestor: number | undefined): Promise<readonly Process[]> {
  const all = await processes();
  const childrenOf = (parent: number | undefined): Process[] =>
    all.filter(({ ppid }) => ppid === parent).flatMap((one) => [one, ...childrenOf(one.pid)]);
  return childrenOf(ancestor);
}

/** Every process that runs, rather than wait for its parent to take notice of its end. */
export async function processes(): Promise<readonly Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,state=,args=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => !state?.startsWith('Z'))
    .map(([pid, ppid, , ...args]) => ({
      pid: Number(pid),
      ppid: Number(ppid),
      command: args.join(' '),
    }));
}
