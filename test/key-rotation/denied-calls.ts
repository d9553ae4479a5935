import { expect } from 'vitest';
import { type Deployment, settings, testDeployment } from './test-deployment.ts';

/** A deployment with its first key, of a curve: such keys are made much faster than those of RSA. */
export async function onEs256(): Promise<Deployment> {
  const deployment = await testDeployment({ settings: { ...settings, alg: 'ES256' } });
  await deployment.reconcile();
  return deployment;
}

/** Has KMS deny this command from now on, for one key or for all. */
export function deny({ services: { kms } }: Deployment, command: string, KeyId?: string): void {
  kms.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        const isIt = KeyId === undefined || (args.input as { KeyId?: string }).KeyId === KeyId;
        return commandName === command && isIt ? Promise.reject(denied) : next(args);
      },
    { step: 'initialize' },
  );
}

const denied = Object.assign(new Error('denied'), { name: 'AccessDeniedException' });

/** A deployment whose first key was retired by a second one that signs. */
export async function rotatedAtOnce(): Promise<Deployment> {
  const deployment = await onEs256();
  await deployment.done({ command: 'rotate', now: true });
  return deployment;
}

/** Expects a run to fail. */
export const failing = async (run: Promise<unknown>, message: string | RegExp = 'denied') =>
  expect(run).rejects.toThrow(message);
