import { checkInstallation } from '../local/io/installation.mjs';

// Before the first test: without the right Node hundreds of them fail, and none of them says why.
checkInstallation({ command: 'npm test', packages: ['vitest', 'esbuild'] });
