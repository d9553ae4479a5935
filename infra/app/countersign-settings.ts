import { ownerSettings } from '../settings/configuration.ts';
import { readSettingsFile } from '../settings/settings-file.ts';
import type { CountersignStackProps } from './countersign-stack.ts';
import { stackProps } from './stack-props.ts';

/**
 * The settings of a deployment, kept in a file of its owner's.
 *
 * @example
 * import { App } from 'aws-cdk-lib';
 * import { CountersignSettings, CountersignStack } from 'countersign';
 *
 * const settings = CountersignSettings.fromFile('countersign.json');
 * new CountersignStack(new App(), 'Countersign', settings);
 */
export class CountersignSettings {
  // There are none of them: jsii carries classes into other languages, and no functions.
  private constructor() {}

  /**
   * Reads the settings, by the names and in the units of the file's JSON Schema.
   * @param file absolute, or relative to the folder that `cdk` runs in. Paths in it are relative to its own.
   * @throws ConfigurationError that begins with the file, the line and the column
   */
  static fromFile(file: string): CountersignStackProps {
    return stackProps(readSettingsFile(file, ownerSettings));
  }
}
