import { runInEmulator } from '../deploy/emulator-run.ts';
import { installAll } from './installation/all.ts';

/**
 * `npm run test:tools`: validates each snippet of `attach` with its tool, and calls through what some of
 * them deploy into an emulator of AWS. A tool that cannot be had is left out, which is said loudly;
 * REQUIRE_TOOLS=1 makes it a failure.
 */
await runInEmulator({ tests: 'test/tools', prepare: (preparation) => installAll(preparation) });
