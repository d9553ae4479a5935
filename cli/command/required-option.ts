import type { Command, Option } from 'commander';

/**
 * Adds an option that must be given. Commander's own check comes before the one for unknown
 * options; this one comes behind it, so that who mistypes the option is told just that.
 */
export function addRequiredOption(command: Command, option: Option): Command {
  return command.addOption(option).hook('preAction', (_, running) => {
    // Not for a command below it.
    if (running !== command) return;
    if (command.getOptionValue(option.attributeName()) !== undefined) return;
    command.error(`error: required option '${option.flags}' not specified`);
  });
}
