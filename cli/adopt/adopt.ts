import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { parseBackup } from '../../registry/backup/backup-file.ts';
import { callerOf } from '../command/caller.ts';
import { accountSettings } from '../command/deployment.ts';
import { withStacks } from '../command/stacks/described-stacks.ts';
import { readInput } from '../io/input-file.ts';
import { confirm } from '../io/prompt.ts';
import { type Answer, note, type Terminal } from '../io/terminal.ts';
import { checkUnused } from './occupants.ts';
import { planAdoption, type Services } from './plan.ts';
import { streamArnOf } from './registry-table.ts';
import { adoptionView } from './view.ts';

/** The options of `adopt`. */
export interface AdoptOptions {
  readonly from?: string;
  readonly inPlaceOf?: string;
  readonly cancelDeletion?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly region?: string;
  readonly profile?: string;
}

/** What `adopt` works with. */
export interface AdoptContext {
  readonly terminal: Terminal;
  readonly print: (value: Answer) => void;
}

/** Prepares a registry table for a deployment, with the operator's own credentials. */
export async function adopt(
  { terminal, print }: AdoptContext,
  table: string,
  options: AdoptOptions,
): Promise<void> {
  const account = accountSettings(options);
  const { from, inPlaceOf, cancelDeletion = false } = options;
  const backup = from === undefined ? undefined : parseBackup(await readInput(terminal, from));
  const stacks = await withStacks(account, ({ all }) => all());
  const caller = callerOf(account);
  const whoActs = async () => ({ identity: await caller(), tool: 'adopt' });
  await withServices(account, async (services) => {
    const plan = await planAdoption(services, {
      ...{ table, backup, cancelDeletion, whoActs },
      checkUnused: (registries) => checkUnused(stacks, { table, registries, inPlaceOf }),
    });
    for (const sentence of plan.notes) note(terminal, sentence);
    const isDone = options.dryRun !== true;
    if (isDone && plan.steps.length > 0) {
      const what = plan.steps.map((step) => step.what).join('; ');
      await confirm(terminal, `Prepare ${table} for a deployment: ${what}?`, options.yes === true);
      for (const step of plan.steps) await step.take();
    }
    const streamArn = await streamArnOf(services.dynamodb, table);
    print(adoptionView({ table, plan, isDone, streamArn }));
  });
}

async function withServices(
  account: ReturnType<typeof accountSettings>,
  work: (services: Services) => Promise<void>,
): Promise<void> {
  const services = {
    dynamodb: new DynamoDBClient(account),
    kms: new KMSClient(account),
    tagging: new ResourceGroupsTaggingAPIClient(account),
  };
  try {
    await work(services);
  } finally {
    for (const client of Object.values(services)) client.destroy();
  }
}
