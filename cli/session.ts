import type { Command } from 'commander';
import { type DeploymentChoice, findDeployment } from './deployment.ts';
import type { Registry } from './registry/registry.ts';
import { answer, type Terminal } from './terminal.ts';

/** What commands are given from outside. */
export interface CommandLine {
  readonly terminal: Terminal;
  /** NumericDate. */
  readonly now: () => number;
  /**
   * Takes it upon the command to end when the process is told to: from now on the signals for it
   * abort this, and no more.
   */
  readonly interruption: () => AbortSignal;
}

/** What one command works with. */
export interface Session extends CommandLine {
  readonly registry: Registry;
  /** Gives the answer; called once. */
  readonly print: (value: { readonly json: unknown; readonly text: string }) => void;
}

interface GlobalOptions extends DeploymentChoice {
  readonly json?: boolean;
}

/** Makes a commander action of a command that works on the registry of the chosen deployment. */
export function registryAction<Options, Operands extends readonly unknown[] = []>(
  commandLine: CommandLine,
  run: (session: Session, options: Options, ...operands: Operands) => Promise<void>,
): (...received: [...Operands, Options, Command]) => Promise<void> {
  return async (...received) => {
    const command = received.at(-1) as Command;
    const options = received.at(-2) as Options;
    const choice = command.optsWithGlobals<GlobalOptions>();
    const { dynamodb, registryTable } = await findDeployment(choice);
    const session = {
      ...commandLine,
      registry: { dynamodb, table: registryTable, now: commandLine.now },
      print: printer(commandLine.terminal, command),
    };
    try {
      await run(session, options, ...(received.slice(0, -2) as unknown as Operands));
    } finally {
      dynamodb.destroy();
    }
  };
}

/** How a command gives its answer: as `--json` says. */
export function printer(terminal: Terminal, command: Command): Session['print'] {
  const { json = false } = command.optsWithGlobals<GlobalOptions>();
  return (value) => answer(terminal, json, value);
}
