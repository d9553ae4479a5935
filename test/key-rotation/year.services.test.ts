import { describe, expect, test } from 'vitest';
import { kmsSigningKeys } from '../../functions/aws/kms-signing-keys.ts';
import { unwrappedKeys } from '../../functions/aws/unwrapped-keys.ts';
import { createHandler as createDiscovery } from '../../functions/discovery/handler.ts';
import type { Done } from '../../functions/key-rotation/reply.ts';
import { cachedKeyRing } from '../../functions/oauth/cached-key-ring.ts';
import {
  longestAccessTokenLifetime,
  publisherFreshness,
  signerFreshness,
} from '../../functions/oauth/key-times.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import { httpApiEvent } from '../support/http-api-event.ts';
import { keyRotation } from '../support/key-rotation.ts';
import { memoryKeyRing } from '../support/memory/memory-key-ring.ts';
import { startServices, tables } from '../support/services.ts';
import {
  client_secret,
  issuer,
  postingClient,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';
import { day, settings } from './test-deployment.ts';
import { ownAuthorizer, twoHourVerifier } from './verifiers.ts';

/**
 * A year of a deployment in simulated time: two instances of the token function issue, two of the
 * discovery function publish, and the schedule runs. Verifiers with the longest caches that are known
 * verify each token when it is new, and again in the last second of its life.
 */

const alg = 'RS256';
const [hour, minute] = [3600, 60];
const form = `grant_type=client_credentials&client_id=${postingClient}&client_secret=${client_secret}`;

async function deployment() {
  const clock = { now: stoppedAt };
  const now = () => clock.now;
  const services = await startServices(now);
  // The keys are those of a KMS; all that is read of tables is in memory, which saves half of the time.
  const ring = memoryKeyRing();
  const cached = (freshness: number) => cachedKeyRing(ring, { now, freshness });
  const special = { keyRing: ring, settings: { ...settings, alg } } as const;
  const rotation = keyRotation(services, now, special);
  const { kms } = services;
  const endpoint = await tokenEndpoint({ now, accessTokenLifetime: longestAccessTokenLifetime });
  const instance = () => {
    const unwrapped = unwrappedKeys(kms, tables.registry);
    return endpoint.another({
      signingKeys: kmsSigningKeys({ kms, unwrapped }, cached(signerFreshness)),
    });
  };
  const discoveries = [0, 1].map(() => {
    const keyRing = cached(publisherFreshness);
    const server = { issuer, profile: profiles.none, authorizationEndpoint: 'openid' } as const;
    return createDiscovery({ ...server, keyRing, now, audit: () => {} });
  });
  const asked = { count: 0 };
  const get = async (path: string) => {
    asked.count += 1;
    const discovery = discoveries[asked.count % 2];
    if (!discovery) throw new Error('no instance');
    return discovery(httpApiEvent({ method: 'GET', path }));
  };
  const surroundings = { get, now };
  return {
    clock,
    rotation,
    issuers: [instance(), instance()],
    verifiers: [
      // Their two hours begin at different moments.
      ...[0, 31, 62, 93].map((phase) =>
        twoHourVerifier(surroundings, stoppedAt + phase * minute, alg),
      ),
      ownAuthorizer(surroundings, alg),
    ],
  };
}

type Deployment = Awaited<ReturnType<typeof deployment>>;

/** Seconds to the next moment: a few minutes where a key is about to change or has just changed. */
function pace({ keys }: Done, now: number): number {
  const times = keys.flatMap(({ next_change, activated_at, removed_at, published_at }) => [
    ...(next_change && next_change.to !== 'deleted' ? [next_change.at] : []),
    ...[activated_at, removed_at, published_at].flatMap((time) => time ?? []),
  ]);
  const isNear = times.some((at) => at - now < 5 * hour && now - at < 3 * hour);
  return isNear ? 10 * minute : 4 * hour;
}

async function issued({ issuers }: Deployment, nth: number): Promise<string> {
  const post = issuers[nth % issuers.length];
  const response = await post?.(form);
  expect(response?.statusCode).toBe(200);
  return response?.body.access_token;
}

/** Verifies a token with all, and says who refuses it. */
async function refusals({ verifiers, clock }: Deployment, access_token: string) {
  const verdicts = await Promise.allSettled(verifiers.map((verify) => verify(access_token)));
  return verdicts.flatMap((verdict, index) =>
    verdict.status === 'rejected' ? [`verifier ${index} at ${clock.now}: ${verdict.reason}`] : [],
  );
}

describe('a year of rotations', () => {
  test('G05: with tokens issued and verified all the time, none is refused', async () => {
    const running = await deployment();
    const { clock, rotation } = running;
    const end = clock.now + 365 * day;
    const old: { readonly access_token: string; readonly until: number }[] = [];
    const seen = { issued: 0, verified: 0, refused: [] as string[] };
    const verify = async (access_token: string) => {
      seen.verified += running.verifiers.length;
      seen.refused.push(...(await refusals(running, access_token)));
    };
    const lastMoments = async (before: number) => {
      while (old[0] && old[0].until <= before) {
        const { access_token, until } = old.shift() ?? { access_token: '', until: 0 };
        clock.now = until;
        await verify(access_token);
      }
    };
    while (clock.now < end) {
      const reconciled = await rotation.done({ command: 'tend' });
      const access_token = await issued(running, seen.issued);
      seen.issued += 1;
      old.push({ access_token, until: clock.now + longestAccessTokenLifetime - 1 });
      await verify(access_token);
      const next = clock.now + pace(reconciled, clock.now);
      await lastMoments(next);
      clock.now = next;
    }
    const { keys } = await rotation.done({ command: 'list' });
    expect(seen.refused).toEqual([]);
    expect(keys.map(({ state }) => state).filter((state) => state === 'active')).toHaveLength(1);
    expect(rotation.measured.every((overdue) => overdue <= 4 * hour)).toBe(true);
    const changes = rotation.audited.filter(({ from, to }) => from !== to);
    const count = (to: string) => changes.filter((entry) => entry.to === to).length;
    // The first key, and one whenever 90 days and a publish lead have passed; all but the last are gone.
    expect({ made: count('active'), removed: count('removed') }).toEqual({ made: 5, removed: 4 });
    expect(seen.issued).toBeGreaterThan(2000);
    expect(seen.verified).toBeGreaterThan(10_000);
  }, 180_000);
});
