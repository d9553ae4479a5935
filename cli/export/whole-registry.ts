import { formatBackup } from '../../registry/backup/backup-file.ts';
import type { DeploymentContext } from '../command/command-context.ts';
import type { Deployment } from '../command/deployment.ts';
import { itemsOf } from '../command/whole-table.ts';
import { writePrivateFile } from '../io/private-file.ts';
import { note } from '../io/terminal.ts';

/** Where a backup is written. */
export interface BackupTarget {
  readonly file: string;
  /** Whether it may take the place of a file. */
  readonly replace: boolean;
}

/**
 * Writes all that the registry of a deployment holds into a file that its owner alone may read.
 * @throws CliError when it cannot be written
 */
export async function exportWhole(
  { dynamodb, registryTable: table }: Pick<Deployment, 'dynamodb' | 'registryTable'>,
  { terminal, print, now }: Pick<DeploymentContext, 'terminal' | 'print' | 'now'>,
  { file, replace }: BackupTarget,
): Promise<void> {
  const items = await itemsOf(dynamodb, table);
  await writePrivateFile(file, formatBackup({ table, exported_at: now(), items }), replace);
  print({
    json: { file, table, items: items.length },
    text: `Written to ${file}: ${items.length} items of the table ${table}.`,
  });
  note(terminal, confidential);
}

const confidential =
  'It is confidential: it has the hashes of all secrets, and wrapped private keys where signing is kms-wrapped. Whoever can change it decides who gets tokens after a restore.';
