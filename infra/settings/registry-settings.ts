import { Token } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { checkKeyIds } from './aws-setting-checks.ts';
import { ConfigurationError, wrongValue } from './configuration-error.ts';

/**
 * Which signing keys an existing registry brings.
 * @internal
 */
export interface AdoptionProps {
  /**
   * Ids of the KMS keys that an existing registry table has in its key ring, as `countersign adopt` tells them. The
   * key rotation may put their policies anew, which name the roles of a deployment from before.
   * @default it may put the policies of keys alone whose policies name it
   */
  readonly adoptedKeys?: string[];
}

/**
 * Which registry a deployment works on.
 * @internal
 */
export interface RegistryProps extends AdoptionProps {
  /**
   * A registry table that is there already: what a deployment left that was removed, or one that was restored from a
   * backup. It needs a stream of new and old images. `countersign adopt` prepares it, and tells its names.
   * @default a table is made, which is empty
   */
  readonly registryTable?: ITable;
}

/** The same, checked. */
export interface RegistrySettings {
  readonly table: ITable | undefined;
  readonly adoptedKeys: readonly string[];
}

/**
 * Checks which registry a deployment is to work on.
 * @throws ConfigurationError
 */
export function registrySettings({ registryTable, adoptedKeys }: RegistryProps): RegistrySettings {
  const keys = adoptedKeys === undefined ? [] : checkKeyIds(adoptedKeys, 'adoptedKeys');
  if (registryTable) return { table: checkTable(registryTable), adoptedKeys: keys };
  if (keys.length === 0) return { table: undefined, adoptedKeys: [] };
  throw new ConfigurationError(
    'adoptedKeys is set, which needs the registry table that has these keys, too: set that as well, or leave adoptedKeys out.',
  );
}

/** Those who write JavaScript have no compiler to tell them. */
function checkTable(table: ITable): ITable {
  if (typeof table.tableArn !== 'string') throw wrongValue('registryTable', table, tableRule);
  if (typeof table.tableStreamArn === 'string') return table;
  throw new ConfigurationError(
    'registryTable has no stream that is known, and no change of the registry would be recorded: name it by ' +
      'TableV2.fromTableAttributes() with tableName and tableStreamArn, which `countersign adopt` tells.',
  );
}

const tableRule = 'must be a TableV2, or what TableV2.fromTableAttributes() gives';

/** The ARN of the table that a stream is of. */
export const tableArnOf = (streamArn: string): string =>
  Token.isUnresolved(streamArn) ? streamArn : streamArn.replace(/\/stream\/.*$/, '');
