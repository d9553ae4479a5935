import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import type { RunningStack } from '../support/local-stack.ts';

const insecure = { [oauth.allowInsecureRequests]: true };

/** Of whom a token is asked, and as whom. */
interface Asking {
  readonly stack: RunningStack;
  readonly client_id: string;
  readonly authentication: oauth.ClientAuth;
}

/** A client made of oauth4webapi: it gets DPoP-bound tokens and calls APIs with them. */
export interface DpopClient {
  readonly server: oauth.AuthorizationServer;
  readonly handle: oauth.DPoPHandle;
  /** How often a server has wanted a nonce. */
  readonly challenges: () => number;
  getToken(): Promise<oauth.TokenEndpointResponse>;
  call(access_token: string, url: URL, method?: string): Promise<Response>;
}

/** Makes one with a key of its own. Where a nonce is wanted, it tries once more, as clients are to. */
export async function dpopClient(
  { stack, client_id, authentication }: Asking,
  alg = 'ES256',
): Promise<DpopClient> {
  const issuer = new URL(stack.issuer);
  const server = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }),
  );
  const asked = { client_id };
  const handle = oauth.DPoP({}, await oauth.generateKeyPair(alg));
  let challenges = 0;
  const withNonce = async <Result>(attempt: () => Promise<Result>): Promise<Result> => {
    try {
      return await attempt();
    } catch (error) {
      if (!oauth.isDPoPNonceError(error)) throw error;
      challenges += 1;
      return attempt();
    }
  };
  const options = { DPoP: handle, ...insecure };
  return {
    server,
    handle,
    challenges: () => challenges,
    getToken: () =>
      withNonce(async () => {
        const parameters = { scope: 'read' };
        const response = await oauth.clientCredentialsGrantRequest(
          server,
          asked,
          authentication,
          parameters,
          options,
        );
        return oauth.processClientCredentialsResponse(server, asked, response);
      }),
    call: (access_token, url, method = 'GET') =>
      withNonce(() =>
        oauth.protectedResourceRequest(access_token, method, url, undefined, null, options),
      ),
  };
}

/** The demo client made of openid-client, which sees to nonces by itself, with its token. */
export async function openidClient({ issuer, demoClient }: RunningStack) {
  const config = await client.discovery(
    new URL(issuer),
    demoClient.client_id,
    undefined,
    client.ClientSecretBasic(demoClient.client_secret),
    { execute: [client.allowInsecureRequests] },
  );
  const options = { DPoP: client.getDPoPHandle(config, await client.randomDPoPKeyPair()) };
  const tokens = await client.clientCredentialsGrant(config, { scope: 'read' }, options);
  return {
    tokens,
    call: (url: URL): Promise<Response> =>
      client.fetchProtectedResource(
        config,
        tokens.access_token,
        url,
        'GET',
        undefined,
        undefined,
        options,
      ),
  };
}
