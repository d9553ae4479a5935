#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';

// The `countersign` command. Whatever Node is on the PATH runs this file, so it says in words that any
// understands what is missing. In a checkout it runs the sources, in the package what is built of them.

if (existsSync(new URL('./countersign.ts', import.meta.url))) {
  const { checkInstallation } = await import('../local/io/installation.mjs');
  checkInstallation({ command: 'npx countersign', packages: ['commander'] });
  await import('./countersign.ts');
} else {
  checkNode();
  await import('../dist/cli/countersign.mjs');
}

function checkNode() {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const least = JSON.parse(manifest).engines.node.replace('>=', '');
  const [leastMajor, leastMinor] = least.split('.').map(Number);
  const [major = 0, minor = 0] = process.version.slice(1).split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  process.stderr.write(
    `countersign needs Node ${least} or newer, and was started by ${process.version}\n`,
  );
  process.exit(1);
}
