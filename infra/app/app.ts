import { ConfigurationError } from '../settings/configuration-error.ts';
import { createApp } from './countersign-app.ts';
import { keptSettings } from './kept-settings.ts';

try {
  createApp({ settings: keptSettings() }).synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
