import { createInterface } from 'node:readline';

// Reads a token a line, and tells for each whether the module's `verify` takes it.

const { verify } = await import(process.argv[2]);
for await (const token of createInterface({ input: process.stdin })) {
  try {
    await verify(token);
    process.stdout.write('taken\n');
  } catch (error) {
    process.stdout.write(`refused: ${String(error).replaceAll('\n', ' ')}\n`);
  }
}
process.exit();
