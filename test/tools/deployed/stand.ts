import { join } from 'node:path';
import * as client from 'openid-client';
import { cdk, deploy } from '../../deploy/cdk.ts';
import { outputs, physicalIds, product } from '../../deploy/deployed-stack.ts';
import { openDomain } from '../../deploy/domain.ts';
import { type Registered, registerClient, registerResource } from '../../deploy/registration.ts';

/** A deployed issuer and authorizer, and what it takes to call an API that asks it. */
export interface Stand extends AsyncDisposable {
  readonly audience: string;
  readonly authorizerFunctionArn: string;
  readonly backendFunctionArn: string;
  /** Of a client that may read and write. */
  readonly client_id: string;
  /** Gets an access token with this scope from the issuer. */
  token(scope: string): Promise<string>;
}

const audience = 'https://orders.example.com';

/** Deploys both, and registers a client. */
export async function openStand(): Promise<Stand> {
  const domain = await openDomain();
  const issuer = domain.origin;
  await cdk('bootstrap');
  await deploy(product, '--context', `issuer=${issuer}`);
  const [apiId = ''] = await physicalIds(product, 'AWS::ApiGatewayV2::Api');
  domain.leadTo(apiId);
  await deploy('Attached', ...authorizerApp(issuer));
  await registerResource(audience, 'orders:read orders:write');
  const registered = await registerClient('orders:read orders:write');
  const { AuthorizerFunctionArn = '', BackendFunctionArn = '' } = await outputs('Attached');
  return {
    audience,
    authorizerFunctionArn: AuthorizerFunctionArn,
    backendFunctionArn: BackendFunctionArn,
    client_id: registered.client_id,
    token: (scope) => getToken(issuer, registered, scope),
    [Symbol.asyncDispose]: domain[Symbol.asyncDispose],
  };
}

const authorizerApp = (issuer: string): readonly string[] => [
  ...['--app', `node ${join(import.meta.dirname, 'authorizer-app.ts')}`],
  ...['--context', `attachedIssuer=${issuer}`, '--context', `attachedAudience=${audience}`],
];

async function getToken(
  issuer: string,
  { client_id, client_secret }: Registered,
  scope: string,
): Promise<string> {
  const configuration = await client.discovery(
    new URL(issuer),
    client_id,
    undefined,
    client.ClientSecretBasic(client_secret),
    { algorithm: 'oauth2', execute: [client.allowInsecureRequests] },
  );
  const { access_token } = await client.clientCredentialsGrant(configuration, { scope });
  return access_token;
}
