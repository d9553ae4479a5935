import { spawn } from 'node:child_process';
import { once } from 'node:events';

// It waits for a line, and gets none when whoever holds the other end of its input is no more.
const watch =
  'read -r line || { kill -s TERM -- "-$1"; sleep 5; kill -s KILL -- "-$1"; } 2>/dev/null';

/** Ends a process group should this process end without having closed this, as by `kill -9`. */
export function deadMansSwitch(group: number): AsyncDisposable {
  const watcher = spawn('/bin/sh', ['-c', watch, 'sh', String(group)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = once(watcher, 'exit').catch(() => undefined);
  watcher.stdin.on('error', () => undefined);
  return {
    [Symbol.asyncDispose]: async () => {
      watcher.stdin.end('\n');
      await ended;
    },
  };
}
