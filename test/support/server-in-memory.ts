import type { HttpFunction } from '../../functions/http/http-function.ts';
import {
  createHandler as createIntrospection,
  type IntrospectionEndpoint,
} from '../../functions/introspection/handler.ts';
import type { AuditEntry } from '../../functions/oauth/audit.ts';
import { currentRevocations } from '../../functions/oauth/current-revocations.ts';
import type { KeyRing, RingKey } from '../../functions/oauth/key-ring.ts';
import {
  createHandler as createRevocation,
  type RevocationEndpoint,
} from '../../functions/revocation/handler.ts';
import { revocationLimit } from '../../functions/revocation/revocation-limit.ts';
import type { TokenEndpoint } from '../../functions/token/handler.ts';
import { aRingKey } from './a-ring-key.ts';
import { basic, httpApiEvent, type RequestInit } from './http-api-event.ts';
import { memoryRevocations } from './memory/memory-revocations.ts';
import {
  client_id,
  client_secret,
  clientEndpointOn,
  type Surroundings,
  tokenEndpoint,
} from './token-endpoint.ts';

/** What is special about the endpoints of a server. */
export interface SpecialEndpoints {
  readonly token?: Partial<TokenEndpoint>;
  readonly revocation?: Partial<RevocationEndpoint>;
  readonly introspection?: Partial<IntrospectionEndpoint>;
}

/** By what the usual client authenticates. */
export const usualClient = { authorization: basic(client_id, client_secret) };

/** All endpoints at which clients authenticate, on the same stores in memory and by the same clock. */
export async function serverInMemory(
  special: SpecialEndpoints = {},
  surroundings: Surroundings = {},
) {
  const token = await tokenEndpoint(special.token, surroundings);
  const now = () => token.clock.now;
  const audited: AuditEntry[] = [];
  const audit = (entry: AuditEntry): void => void audited.push(entry);
  const jwk = await token.publicJwk();
  const ring = heldRing(
    { keys: [aRingKey({ kid: jwk.kid, alg: jwk.alg, jwk })], revision: 1 },
    now,
  );
  const store = memoryRevocations(now);
  const { signingKeys } = token.ports;
  const at = (path: string) => clientEndpointOn(token.ports, surroundings, now, path);
  const keyRing = { current: ring.current, reread: ring.current };
  const revocation = createRevocation({
    ...at('/revoke'),
    ...{ keyRing, revocations: store, audit },
    limit: revocationLimit(token.ports.counter, now),
    ...special.revocation,
  });
  const introspection = createIntrospection({
    ...at('/introspect'),
    ...{ keyRing, signingKeys, audit },
    revocations: currentRevocations({ log: store, now, oldest: 5 }),
    ...special.introspection,
  });
  return {
    ...token,
    audited,
    ring,
    /** The store of revocations. */
    store,
    revocation,
    introspection,
    revoke: asking(revocation, '/revoke'),
    introspect: asking(introspection, '/introspect'),
    /** An access token of the usual client. */
    issue: async (init: RequestInit = { headers: usualClient }): Promise<string> => {
      const { body } = await token.post('grant_type=client_credentials', init);
      return body.access_token;
    },
  };
}

/** A key ring that a test changes, and that may be in trouble. */
function heldRing(initial: KeyRing, now: () => number) {
  const held = {
    ring: initial,
    trouble: undefined as Error | undefined,
    async current() {
      if (held.trouble) throw held.trouble;
      return { ring: held.ring, at: now() };
    },
    /** Has its first key be like this. */
    change(special: Partial<RingKey>): void {
      const [key, ...others] = held.ring.keys;
      const keys = [aRingKey({ ...key, ...special }), ...others];
      held.ring = { keys, revision: held.ring.revision + 1 };
    },
    add(key: RingKey): void {
      held.ring = { keys: [...held.ring.keys, key], revision: held.ring.revision + 1 };
    },
  };
  return held;
}

/** Asks an endpoint about a token, as the usual client unless the test says otherwise. */
const asking =
  (handler: HttpFunction, path: string) =>
  (token: string, init: RequestInit = {}) => {
    const { headers = usualClient, body = '', ...rest } = init;
    const form = new URLSearchParams({ token }).toString();
    return handler(
      httpApiEvent({ path, ...rest, headers, body: body === '' ? form : `${form}&${body}` }),
    );
  };
