import { endpointPaths } from '../../functions/oauth/endpoint-paths.ts';
import type { Change } from '../../registry/declared/change.ts';
import type { CommandContext } from '../command/command-context.ts';
import { CliError } from '../io/cli-error.ts';
import { madeSecret } from './made-secret.ts';

/** Whether a change makes a secret. */
const makesSecret = ({ fields }: Change): boolean => fields.some(({ name }) => name === 'secret');

/**
 * Gives changes that make a secret the hash of one that is in Secrets Manager by then.
 * @throws CliError when one does, and this deployment has no Secrets Manager
 */
export async function secretMaker(
  { deployment, now }: CommandContext,
  changes: readonly Change[],
): Promise<(change: Change) => Promise<Change>> {
  if (!changes.some(makesSecret)) return async (change) => change;
  const { issuer, mtlsTokenEndpoint, secretsManager: account } = deployment;
  if (!account)
    throw new CliError('a local stack has no Secrets Manager: take secret out of the file');
  // The SDK of AWS: what needs none of it does not wait for it.
  const { secretsManager } = await import('./secret-keeper.ts');
  const keeper = secretsManager(account);
  return async (change) => {
    if (change.kind !== 'client' || change.action === 'delete' || !makesSecret(change))
      return change;
    const { declared, seen } = change;
    const isBound = declared.tls_client_certificate_bound_access_tokens === true;
    const tokenEndpoint = (isBound && mtlsTokenEndpoint) || issuer + endpointPaths.token;
    const secret = await madeSecret(keeper, declared, {
      ...{ issuer, tokenEndpoint, now: now(), seen },
    });
    return { ...change, declared: { ...declared, secrets: [secret] } };
  };
}
