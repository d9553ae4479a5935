// Is loaded into vitest before all else: it would print a stack trace where nobody reads on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit(1));
