import type { Stack } from '@aws-sdk/client-cloudformation';
import { type StackServer, serversOf } from '../command/stacks/server-outputs.ts';
import { CliError } from '../io/cli-error.ts';

/** What a table would take along, as far as another deployment may have it. */
interface Taken {
  readonly table: string;
  /** The registry tables that the tags of the keys name. */
  readonly registries: readonly string[];
  /** The stack that is to be deployed with this table in place of its own. */
  readonly inPlaceOf: string | undefined;
}

/**
 * Checks that no deployment uses a table or its keys: two key rotations would take the keys from each other.
 * @throws CliError that names the one which does
 */
export function checkUnused(stacks: readonly Stack[], taken: Taken): void {
  const servers = stacks.flatMap(serversOf);
  const user = servers.find(({ registryTable }) => registryTable === taken.table);
  if (user) {
    const sentence = `${nameOf(user)} uses the table ${taken.table}: there is nothing to adopt, and a second deployment would take its keys`;
    throw new CliError(sentence, 1, { code: 'refused' });
  }
  const owners = servers.filter(({ registryTable }) => taken.registries.includes(registryTable));
  const { inPlaceOf } = taken;
  if (inPlaceOf !== undefined && !owners.some(({ stack }) => stack === inPlaceOf)) {
    const sentence = `the stack ${inPlaceOf} does not use the keys of ${taken.table}: leave --in-place-of out, or name the stack that does`;
    throw new CliError(sentence, 1, { code: 'refused' });
  }
  const owner = owners.find(({ stack }) => stack !== inPlaceOf);
  if (!owner) return;
  const sentence = `${nameOf(owner)} signs with the keys of ${taken.table}, on its own table ${owner.registryTable}; where it is to get this one instead, say so with --in-place-of ${owner.stack}: it issues no tokens from then on until it is deployed with it`;
  throw new CliError(sentence, 1, { code: 'refused' });
}

const nameOf = ({ stack }: StackServer): string => `the stack ${stack}`;
