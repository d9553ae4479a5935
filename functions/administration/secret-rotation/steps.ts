import { findClient } from '../../../registry/clients.ts';
import {
  checkKeeper,
  settleClient,
  withLastingSecret,
  withPendingSecret,
  withReplacedSecrets,
} from '../../../registry/kept-secrets.ts';
import { isNewClientSecret, newClientSecret } from '../../oauth/client-secret.ts';
import { versionAt } from '../keeper.ts';
import { writeKeptValue } from '../kept-value.ts';
import {
  currentValue,
  currentVersion,
  type Journey,
  keptVersion,
  noValue,
  pendingValue,
} from './journey.ts';
import type { RotationStep } from './rotation-event.ts';

/** How a step has ended; the client is not known where there was nothing to do. */
export interface Rotated {
  readonly outcome: 'done' | 'nothing to do';
  readonly client_id?: string | undefined;
}

/** Takes a step. */
type Step = (journey: Journey) => Promise<Rotated>;

const nothing: Step = async () => ({ outcome: 'nothing to do' });

/** What a step does whose version is current already. A secret that was revoked since must not come back. */
export const afterwards: Readonly<Record<RotationStep, Step>> = {
  createSecret: nothing,
  setSecret: nothing,
  testSecret: nothing,
  finishSecret: async (journey) => {
    const { client_id } = await pendingValue(journey);
    return endReplaced(journey, client_id);
  },
};

/** What a step does whose version is pending. */
export const steps: Readonly<Record<RotationStep, Step>> = {
  /** Gives the pending version a value: the current one with a new secret. */
  createSecret: async ({ keepers, keeper, registry, version }) => {
    if ((await keepers.value(keeper.arn, version)) !== undefined)
      return { outcome: 'nothing to do' };
    const before = await currentValue({ keepers, keeper });
    if (!before) throw noValue(keeper, versionAt(keeper, 'AWSCURRENT'));
    const { client_id } = before;
    const client = await findClient(registry, client_id);
    checkKeeper(client, { keeper: keeper.arn, current: currentVersion(keeper, before) });
    const after = { ...before, client_secret: newClientSecret() };
    // Where it has a value by now, an earlier attempt has put it, and its answer was lost.
    const isPut = await keepers.put(keeper.arn, {
      version,
      value: writeKeptValue(after),
      stage: 'AWSPENDING',
    });
    return { outcome: isPut ? 'done' : 'nothing to do', client_id };
  },
  /** Registers the hash of the pending secret, so that both it and the current one work. */
  setSecret: async (journey) => {
    const { keepers, keeper, registry } = journey;
    const { client_id, client_secret } = await pendingValue(journey);
    if (!isNewClientSecret(client_secret)) {
      throw new Error(
        `the client_secret in the version ${journey.version} of ${keeper.arn} was not made by createSecret: take AWSPENDING from this version, and rotate again`,
      );
    }
    const before = await currentValue({ keepers, keeper });
    const current = before?.client_id === client_id ? currentVersion(keeper, before) : undefined;
    const pending = keptVersion(journey, client_secret);
    await settleClient(registry, client_id, (client) =>
      withPendingSecret(client, { pending, current }, registry.now()),
    );
    return { outcome: 'done', client_id };
  },
  /** Gets a token by the pending secret. Where a rotation is but set up, that is a copy of the current one. */
  testSecret: async (journey) => {
    const { client_id, client_secret } = await pendingValue(journey);
    const client = await findClient(journey.registry, client_id);
    await journey.tryOut(client, client_secret);
    return { outcome: 'done', client_id };
  },
  /**
   * Makes the pending version current, then gives the older secrets an end. In this order: whoever dies between
   * the two leaves a secret that works too long, which the next run ends, and never one that is handed out and
   * has an end.
   */
  finishSecret: async (journey) => {
    const { keepers, keeper, registry, version } = journey;
    const { client_id, client_secret } = await pendingValue(journey);
    const kept = keptVersion(journey, client_secret);
    await settleClient(registry, client_id, (client) =>
      withLastingSecret(client, kept, registry.now()),
    );
    const from = versionAt(keeper, 'AWSCURRENT');
    if (from === undefined) throw noValue(keeper, from);
    await keepers.makeCurrent(keeper.arn, { from, to: version }).catch(async (error: unknown) => {
      // It may be done, and its answer lost.
      const { versions } = await keepers.find(keeper.arn);
      if (!versions.get(version)?.includes('AWSCURRENT')) throw error;
    });
    return endReplaced(journey, client_id);
  },
};

async function endReplaced(
  { registry, keeper, version, overlap }: Journey,
  client_id: string,
): Promise<Rotated> {
  const now = registry.now();
  const times = { now, ends_at: now + overlap };
  await settleClient(registry, client_id, (client) =>
    withReplacedSecrets(client, { keeper: keeper.arn, version }, times),
  );
  return { outcome: 'done', client_id };
}
