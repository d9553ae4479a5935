import type { JWTVerifyOptions } from 'jose';
import type { SigningAlgorithmName } from '../../functions/aws/signing-algorithms.ts';
import { createHandler as createDiscovery } from '../../functions/discovery/handler.ts';
import { profiles } from '../../functions/oauth/profile.ts';
import { basic, httpApiEvent } from '../support/http-api-event.ts';
import { keyRotation } from '../support/key-rotation.ts';
import { api, client_id, client_secret, issuer, stoppedAt } from '../support/token-endpoint.ts';
import { tokenEndpointOnServices } from '../support/token-endpoint-on-services.ts';
import { settings } from './test-deployment.ts';

/** A deployment that signs with one algorithm, on real services. */
export async function deployed(alg: SigningAlgorithmName) {
  const endpoint = await tokenEndpointOnServices({}, { keys: { settings: { ...settings, alg } } });
  const discovery = createDiscovery({
    issuer,
    profile: profiles.none,
    authorizationEndpoint: 'openid',
    keyRing: endpoint.keyRing,
    now: () => endpoint.clock.now,
    audit: () => {},
  });
  return {
    ...endpoint,
    token: (more = '') =>
      endpoint.post(`grant_type=client_credentials${more}`, {
        headers: { authorization: basic(client_id, client_secret) },
      }),
    /** The JWK Set as it goes out now. */
    async jwks() {
      const event = httpApiEvent({ method: 'GET', path: '/.well-known/jwks.json' });
      return JSON.parse((await discovery(event)).body);
    },
    /** Another setting, and the deployment that brings it. */
    async change(to: SigningAlgorithmName, mixedFamilies = false) {
      const changed = { ...settings, alg: to, mixedFamilies };
      const rotation = keyRotation(endpoint.services, () => endpoint.clock.now, {
        settings: changed,
      });
      await rotation.done({ command: 'tend' });
      return rotation;
    },
    /** Lets the caches of our own functions see what has changed. */
    settle: () => {
      endpoint.clock.now += 60;
    },
  };
}

/** What a token of the deployment must be, for jose. */
export const verifyOptions = (alg: string, now = stoppedAt): JWTVerifyOptions => ({
  issuer,
  audience: api,
  typ: 'at+jwt',
  algorithms: [alg],
  currentDate: new Date(now * 1000),
});
