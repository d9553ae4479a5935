#!/usr/bin/env node
import { checkInstallation } from '../local/io/installation.mjs';

/** The `countersign` command: checks that everything is there, in words that any Node understands. */

checkInstallation({ command: 'npx countersign', packages: ['commander'] });
await import('./countersign.ts');
