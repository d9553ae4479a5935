import type { Command } from 'commander';
import type { Client } from '../../functions/oauth/client.ts';

/** What a client's access tokens are bound to, as it is said on the command line. */
export interface BindingOptions {
  readonly dpop?: boolean;
  readonly mtlsBound?: boolean;
}

/** Adds the options that say what a client's access tokens are bound to. */
export const addBindingOptions = (command: Command): Command =>
  command
    .option('--dpop', 'it gets tokens that are bound to a key (DPoP), and no others')
    .option('--mtls-bound', 'it gets tokens that are bound to its TLS certificate, and no others');

/** The same for an update, which may also set the tokens free again. */
export const addUnbindingOptions = (command: Command): Command =>
  addBindingOptions(command)
    .option('--no-dpop', 'it gets others, too')
    .option('--no-mtls-bound', 'its tokens are not bound to a certificate');

/** The members of a client that the options set; undefined: not said. */
export const bindingOf = ({ dpop, mtlsBound }: BindingOptions) => ({
  dpop_bound_access_tokens: dpop,
  tls_client_certificate_bound_access_tokens: mtlsBound,
});

/** What a client's access tokens must be bound to, for people; undefined: nothing. */
export function bindingText({
  dpop_bound_access_tokens: dpop,
  tls_client_certificate_bound_access_tokens: mtlsBound,
}: Client): string | undefined {
  const bonds = [dpop && 'a key (DPoP)', mtlsBound && 'its TLS certificate'].filter(Boolean);
  return bonds.length === 0 ? undefined : `bound to ${bonds.join(' and ')}`;
}
