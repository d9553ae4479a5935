import { runInEmulator } from './emulator-run.ts';

/** `npm run test:deploy`: deploys both stacks into an emulator of AWS, and tests them there. */
await runInEmulator({ tests: 'test/deploy' });
