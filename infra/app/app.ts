import { ConfigurationError } from '../settings/configuration-error.ts';
import { createApp } from './countersign-app.ts';

try {
  createApp().synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
