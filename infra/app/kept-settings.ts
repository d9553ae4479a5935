import { existsSync } from 'node:fs';
import { type Configuration, settingsWithDemo } from '../settings/configuration.ts';
import { readSettingsFile, settingsFileName } from '../settings/settings-file.ts';

/**
 * The settings in the file beside cdk.json; without a file, none.
 * @throws ConfigurationError
 */
export const keptSettings = (): Configuration =>
  existsSync(settingsFileName) ? readSettingsFile(settingsFileName, settingsWithDemo) : {};
