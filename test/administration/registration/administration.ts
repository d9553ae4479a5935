import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll } from 'vitest';
import { createHandler } from '../../../functions/administration/handler.ts';
import { registration } from '../../../functions/administration/registration/registration.ts';
import { secretsManagerKeepers } from '../../../functions/administration/secrets-manager.ts';
import type { DeploymentAnswer } from '../../../functions/cloudformation/deployment-answer.ts';
import type { AuditEntry } from '../../../functions/oauth/audit.ts';
import type { Registry } from '../../../registry/registry.ts';
import type { RegistryStore } from '../../../registry/registry-store.ts';
import { createResourceServer } from '../../../registry/resource-servers.ts';
import { memoryRevocations } from '../../support/memory/memory-revocations.ts';
import { memoryRegistryStore } from '../../support/memory-registry-store.ts';
import { startSecretsManager } from '../../support/secrets-manager/endpoint.ts';
import { testAccount } from '../../support/test-account.ts';
import { aLife, type Life } from './a-life.ts';

export const issuer = 'https://auth.example.com';
export const orders = 'https://orders.example.com';

/** What CloudFormation gets back. */
export interface Answer extends Pick<DeploymentAnswer, 'Status' | 'PhysicalResourceId'> {
  readonly Reason?: string;
  readonly RequestId: string;
}

/**
 * The administration function with a registry, in memory if none is given, and a double of Secrets Manager. Each of its writes is a
 * moment at which it may die.
 */
export async function anAdministration(store: RegistryStore = memoryRegistryStore()) {
  const double = await startSecretsManager();
  const secretsManager = new SecretsManagerClient({ ...testAccount, endpoint: double.endpoint });
  afterAll(async () => {
    secretsManager.destroy();
    await double[Symbol.asyncDispose]();
  });
  const clock = { now: 1_700_000_000 };
  const now = () => clock.now;
  const registry: Registry = {
    store,
    revocations: memoryRevocations(now),
    now,
  };
  await createResourceServer(registry, { resource: orders, scope: new Set(['read', 'write']) });
  const answers = new Map<string, DeploymentAnswer>();
  const received: Answer[] = [];
  const audited: AuditEntry[] = [];
  const rollingBack = new Set<string>();
  const state = { life: aLife(), late: () => new Promise<void>(() => undefined) };

  const parts = (life: Life) => ({
    registryFor: () => ({
      ...registry,
      store: life.of(registry.store, ['create', 'change', 'replace', 'delete']),
      ...(registry.revocations && {
        revocations: life.of(registry.revocations, ['note', 'lift']),
      }),
    }),
    keepers: life.of(secretsManagerKeepers(secretsManager), ['put', 'makeCurrent']),
    issuer,
    mtlsOrigin: 'https://mtls.example.com',
    answers: life.of(
      {
        find: async (id: string) => answers.get(id),
        keep: async (id: string, answer: DeploymentAnswer) => void answers.set(id, answer),
      },
      ['keep'],
    ),
    isRollingBack: async (stack: string) => rollingBack.has(stack),
    fetch: life.of(
      {
        fetch: async (_url: unknown, init?: RequestInit) => {
          received.push(JSON.parse(String(init?.body)));
          return new Response();
        },
      },
      ['fetch'],
    ).fetch as typeof fetch,
    now,
    wait: async (seconds: number) => {
      life.check();
      clock.now += seconds;
    },
    late: () => state.late(),
    audit: (entry: AuditEntry) => void audited.push(entry),
  });

  return {
    registry,
    clock,
    double,
    received,
    audited,
    rollingBack,
    /** Has the function die at its next writes. */
    set life(life: Life) {
      state.life = life;
    },
    /** Says when it is high time for an answer. */
    set late(late: () => Promise<void>) {
      state.late = late;
    },
    /** Invokes it as Lambda does: it may die. */
    invoke: (event: object): Promise<void> =>
      createHandler([registration(parts(state.life))])(event),
    newSecret: async (): Promise<string> => {
      const { ARN } = await secretsManager.send(new CreateSecretCommand({ Name: randomUUID() }));
      return String(ARN);
    },
    deleteSecret: (SecretId: string) =>
      secretsManager.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })),
    /** Writes a value as whoever may does. */
    write: (SecretId: string, value: object) =>
      secretsManager.send(
        new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(value) }),
      ),
    secretIn: async (SecretId: string): Promise<Record<string, string>> => {
      const command = new GetSecretValueCommand({ SecretId });
      return JSON.parse(String((await secretsManager.send(command)).SecretString));
    },
  };
}

export type Administration = Awaited<ReturnType<typeof anAdministration>>;
