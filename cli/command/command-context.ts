import type { Command } from 'commander';
import type { Registry } from '../../registry/registry.ts';
import { type Answer, answer, type Terminal } from '../io/terminal.ts';
import type { Deployment, DeploymentChoice } from './deployment.ts';
import type { Invocation } from './invocation.ts';

/** What commands are given from outside. */
export interface CommandLine {
  readonly terminal: Terminal;
  /** By what it is called: `countersign` or `npx countersign`. */
  readonly program: string;
  /** NumericDate. */
  readonly now: () => number;
  /**
   * For a command that has something to take away before it ends: from now on, a signal that would end
   * the process aborts this one instead.
   */
  readonly interruption: () => AbortSignal;
}

/** What every command of a deployment works with. */
export interface DeploymentContext extends CommandLine {
  /** Gives the answer; called once. */
  readonly print: (value: Answer) => void;
  /** Whether the answer is for a program. */
  readonly json: boolean;
  /** How the command was called, for sentences that name another. */
  readonly invocation: Invocation;
  /** The command as it is typed, without operands and options: `client update`. */
  readonly tool: string;
}

/** What a command on the registry works with. */
export interface CommandContext extends DeploymentContext {
  readonly registry: Registry;
  readonly deployment: Pick<
    Deployment,
    'issuer' | 'local' | 'mtlsTokenEndpoint' | 'secretsManager' | 'history'
  >;
}

interface GlobalOptions extends DeploymentChoice {
  readonly json?: boolean;
}

/** What a command is given: its options, then its operands. */
export type Given<Options, Operands extends readonly unknown[]> = readonly [Options, ...Operands];

/** The same in commander's order: operands, options, and the command itself. */
export type Action<Options, Operands extends readonly unknown[]> = (
  ...received: [...Operands, Options, Command]
) => Promise<void>;

/** Makes a commander action of a command that works on the registry of the chosen deployment. */
export function registryAction<Options, Operands extends readonly unknown[] = []>(
  commandLine: CommandLine,
  run: (context: CommandContext, ...given: Given<Options, Operands>) => Promise<void>,
): Action<Options, Operands> {
  return deploymentAction(commandLine, async (deployment, context, ...given) => {
    const { registryOf } = await import('./deployment.ts');
    const registry = registryOf(deployment, context.now, context.tool);
    await run({ ...context, deployment, registry }, ...given);
  });
}

/** Makes a commander action of a command that works on the chosen deployment. */
export function deploymentAction<Options, Operands extends readonly unknown[]>(
  commandLine: CommandLine,
  run: (
    deployment: Deployment,
    context: DeploymentContext,
    ...given: Given<Options, Operands>
  ) => Promise<void>,
): Action<Options, Operands> {
  return async (...received) => {
    const command = received.at(-1) as Command;
    const options = received.at(-2) as Options;
    const operands = received.slice(0, -2) as unknown as Operands;
    const { json = false, ...choice } = command.optsWithGlobals<GlobalOptions>();
    // The SDK of AWS: what needs none of it, such as help, does not wait for it.
    const { findDeployment } = await import('./deployment.ts');
    const deployment = await findDeployment(choice);
    const print = printer(commandLine.terminal, command);
    const invocation = invocationOf(commandLine, command);
    const context = { ...commandLine, print, json, invocation, tool: toolOf(command) };
    try {
      await run(deployment, context, options, ...operands);
    } finally {
      deployment.dynamodb.destroy();
    }
  };
}

/** How a command was called, for sentences that name others. */
export const invocationOf = ({ program }: CommandLine, command: Command): Invocation => ({
  program,
  parameters: rootOf(command).rawArgs,
  chosen: command.optsWithGlobals(),
});

const toolOf = (command: Command): string =>
  command.parent?.parent ? `${toolOf(command.parent)} ${command.name()}` : command.name();

const rootOf = (command: Command): Command & { readonly rawArgs: readonly string[] } =>
  command.parent ? rootOf(command.parent) : (command as ReturnType<typeof rootOf>);

/** How a command gives its answer: as `--json` says. */
export function printer(terminal: Terminal, command: Command): CommandContext['print'] {
  const { json = false } = command.optsWithGlobals<GlobalOptions>();
  return (value) => answer(terminal, json, value);
}
