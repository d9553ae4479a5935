import { ownerSettings } from '../../infra/settings/configuration.ts';
import { ConfigurationError } from '../../infra/settings/configuration-error.ts';
import { readSettingsFile } from '../../infra/settings/settings-file.ts';
import { CliError } from '../io/cli-error.ts';
import { FolderError, type WrittenFile, writeTemplates } from './write-templates.ts';

/**
 * Writes the templates of the settings that a file has.
 * @throws CliError
 */
export function writeFolder(folder: string, file?: string): readonly WrittenFile[] {
  try {
    const settings = file === undefined ? {} : readSettingsFile(file, ownerSettings);
    return writeTemplates({ folder, settings });
  } catch (error) {
    if (error instanceof ConfigurationError) throw new CliError(withoutStop(error), 2);
    if (error instanceof FolderError) throw new CliError(withoutStop(error));
    throw error;
  }
}

const withoutStop = ({ message }: Error): string => message.replace(/\.$/, '');
