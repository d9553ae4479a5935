import { Argument, type Command } from 'commander';
import { type CommandLine, printer } from '../command/command-context.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { type KnownCommand, knownCommands } from './tree.ts';
import { zshScript } from './zsh.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const satisfies Readonly<
  Record<string, (commands: readonly KnownCommand[]) => string>
>;

type Shell = keyof typeof scripts;

/** Defines `countersign completion`. */
export function defineCompletion(command: Command, commandLine: CommandLine): void {
  command
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(scripts)))
    .addHelpText('after', howToInstall)
    .action((shell: Shell) => {
      const commands = command.parent ? knownCommands(command.parent) : [];
      const script = scripts[shell](commands);
      printer(commandLine.terminal, command)({ json: { shell, script }, text: script.trimEnd() });
    });
}

const howToInstall = `
The script knows commands, options, and the values that are known without a deployment. It calls nothing.
It is for the command countersign: npx does not complete what it runs, but node_modules/.bin in the PATH
does, as \`npm install --global\` does.

bash: in ~/.bashrc        source <(countersign completion bash)
zsh:  in ~/.zshrc         autoload -Uz compinit && compinit && source <(countersign completion zsh)
fish: once                countersign completion fish > ~/.config/fish/completions/countersign.fish

Example:
  $ countersign completion bash > ~/.local/share/bash-completion/completions/countersign`;
