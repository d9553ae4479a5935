import { checkInstallation } from './io/installation.mjs';

/** `npm start`: checks that everything is there, in words that any Node understands. */

checkInstallation({ command: 'npm start', packages: ['aws-cdk-lib', 'dynalite', 'esbuild'] });
await (await import('../build/dist.ts')).buildFunctions();
await import('./start.ts');
