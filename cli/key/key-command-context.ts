import {
  type Action,
  type CommandLine,
  type DeploymentContext,
  deploymentAction,
  type Given,
} from '../command/command-context.ts';
import type { KeyRotation } from './key-rotation.ts';

/** What a command on the key ring works with. */
export interface KeyCommandContext extends DeploymentContext {
  readonly keyRotation: KeyRotation;
  /** Whether there is a revocation list, by which APIs learn of a revoked key. */
  readonly hasRevocations: boolean;
}

/** Makes a commander action of a command that works on the key ring of the chosen deployment. */
export function keyAction<Options, Operands extends readonly unknown[] = []>(
  commandLine: CommandLine,
  run: (context: KeyCommandContext, ...given: Given<Options, Operands>) => Promise<void>,
): Action<Options, Operands> {
  return deploymentAction(commandLine, async (deployment, context, ...given) => {
    const { keyRotationOf } = await import('./key-rotation.ts');
    const hasRevocations = deployment.revocationsTable !== undefined;
    await run({ ...context, keyRotation: keyRotationOf(deployment), hasRevocations }, ...given);
  });
}
