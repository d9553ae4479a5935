import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalStack } from '../../local/stack.ts';

// A local stack on free ports in a temporary directory, for as long as the process that has forked this
// one wants it. It takes its special settings as JSON, and sends what it is, or why it did not start.

const directory = await mkdtemp(join(tmpdir(), 'countersign-'));
const remove = () => rm(directory, { recursive: true, force: true });
const parentIsGone = new Promise<void>((resolve) => process.once('disconnect', resolve));
// Ctrl-C reaches the whole group; the parent tells when it is over.
process.on('SIGINT', () => undefined);

try {
  const ports = { port: 0, apiPort: 0, tlsPort: 0, apiTlsPort: 0, mtlsPort: 0, apiMtlsPort: 0 };
  const stack = await startLocalStack({
    directory,
    ...ports,
    ...JSON.parse(process.argv[2] ?? ''),
  });
  process.send?.({ stack });
  await parentIsGone;
  await stack.stop();
} catch (error) {
  if (process.connected) process.send?.({ failed: String(error) });
} finally {
  await remove();
}
process.exit();
