import type { Command, Option } from 'commander';

/** What comes behind an option: nothing, a file, a text that nobody can know, or one of these words. */
export type Values = 'nothing' | 'file' | 'text' | readonly string[];

/** What can be typed, and what it is. */
export interface Known {
  readonly word: string;
  readonly description: string;
}

/** An option as it is typed. */
interface KnownOption extends Known {
  readonly values: Values;
}

/** A command, and what can be typed behind it. */
export interface KnownCommand {
  /** Its words behind the name of the program: `client create`; empty for the program itself. */
  readonly path: string;
  readonly commands: readonly Known[];
  readonly options: readonly KnownOption[];
  /** What its first operand can be; empty: nobody can know. */
  readonly operands: readonly string[];
  /** Whether its operands are files. */
  readonly takesFiles: boolean;
}

/** All commands of a program, with the options that each has of its own. */
export function knownCommands(program: Command, path = ''): readonly KnownCommand[] {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  const known = {
    path,
    commands: commands.map((command) => ({
      word: command.name(),
      description: command.description(),
    })),
    options: help.visibleOptions(program).map(knownOption),
    operands: program.registeredArguments[0]?.argChoices ?? [],
    takesFiles: program.registeredArguments[0]?.name() === 'file',
  };
  const below = commands.map((command) =>
    knownCommands(command, `${path} ${command.name()}`.trim()),
  );
  return [known, ...below.flat()];
}

function knownOption(option: Option): KnownOption {
  return {
    word: option.long ?? option.flags,
    description: option.description,
    values: valuesOf(option),
  };
}

function valuesOf({ argChoices, flags }: Option): Values {
  if (argChoices) return argChoices;
  if (!/[<[]/.test(flags)) return 'nothing';
  return /[<[](file|folder|directory)[>\]]/.test(flags) ? 'file' : 'text';
}
