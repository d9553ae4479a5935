import type { AuthMethod } from '../../functions/oauth/client.ts';
import type { Declaration } from '../../registry/declared/declaration.ts';
import { type Problem, problem } from '../../registry/declared/problem.ts';
import type { Deployment } from './deployment.ts';

/** The methods by which a client shows a certificate. */
const certificateMethods: ReadonlySet<AuthMethod | undefined> = new Set<AuthMethod>([
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'spiffe_x509',
]);

/** What is said of such a method where no client can show one. */
export const withoutMutualTls = (method: AuthMethod | undefined): string =>
  `this deployment has no mutual TLS, so that no client can authenticate by ${method}: deploy it with mtlsOrigin first`;

/** Whether a client cannot authenticate by a method at a deployment. */
export const lacksMutualTls = (
  { mtlsTokenEndpoint }: Pick<Deployment, 'mtlsTokenEndpoint'>,
  method: AuthMethod | undefined,
): boolean => certificateMethods.has(method) && !mtlsTokenEndpoint;

/** The clients that cannot authenticate at a deployment, for it asks nobody for a certificate. */
export const mutualTlsProblems = (
  { clients }: Declaration,
  deployment: Pick<Deployment, 'mtlsTokenEndpoint'>,
): readonly Problem[] =>
  clients
    .filter(({ token_endpoint_auth_method: method }) => lacksMutualTls(deployment, method))
    .map(({ client_id, token_endpoint_auth_method: method }) =>
      problem(['clients', client_id, 'token_endpoint_auth_method'], withoutMutualTls(method)),
    );
