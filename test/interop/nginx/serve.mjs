import { spawn } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { env as given } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

// Fills in the variables of the configurations, and runs nginx beside the printed program until one of them ends.

const [base, configuration, program] = process.argv.slice(2);
const probe = createServer().listen(0, '127.0.0.1');
await new Promise((resolve) => probe.once('listening', resolve));
const INTROSPECT_PORT = String(probe.address().port);
await new Promise((resolve) => probe.close(resolve));
const env = { ...given, INTROSPECT_PORT, FOLDER: process.cwd() };
for (const name of [base, configuration]) {
  const text = await readFile(name, 'utf8');
  await writeFile(
    name,
    text.replaceAll(/%([A-Z_]+)%/g, (_, variable) => env[variable]),
  );
}

// The workers of nginx have a user of their own, who has to reach the sockets.
await chmod(env.FOLDER, 0o711);
const options = { env, stdio: 'inherit' };
const children = [spawn(process.execPath, [program], options)];
await untilListening();
children.push(spawn('nginx', ['-c', `${env.FOLDER}/${base}`], options));
const stop = () => {
  for (const child of children) child.kill();
};
for (const child of children) child.once('exit', stop);
process.once('SIGTERM', stop);

async function untilListening() {
  const isThere = await fetch(`http://127.0.0.1:${INTROSPECT_PORT}`).catch(() => undefined);
  if (isThere) return;
  await delay(50);
  await untilListening();
}
