import { auditLog } from '../aws/audit-log.ts';
import { env } from '../aws/env.ts';
import { parseAudience, parseIssuer } from '../oauth/own-identifiers.ts';
import { parseAlgorithms } from './algorithms.ts';
import { bearerTokensAlone } from './bearer-tokens.ts';
import { type AuthorizerEnvironment, metadataUrl } from './environment.ts';
import { createHandler } from './handler.ts';
import { issuerKeys } from './issuer-keys.ts';
import { noRevocations } from './revocations/revocations.ts';
import { routesFrom } from './routes-variable.ts';

const issuer = parseIssuer(env<AuthorizerEnvironment>('ISSUER'));
const now = () => Math.floor(Date.now() / 1000);

export const handler = createHandler({
  issuer,
  audience: parseAudience(env<AuthorizerEnvironment>('AUDIENCE')),
  algorithms: parseAlgorithms(env<AuthorizerEnvironment>('ALGORITHMS')),
  routes: routesFrom(env<AuthorizerEnvironment>('ROUTES'), import.meta.dirname),
  basePath: undefined,
  confirm: bearerTokensAlone,
  revocations: noRevocations,
  dpopAlgorithms: [],
  resourceMetadata: metadataUrl(env<AuthorizerEnvironment>('RESOURCE_METADATA')),
  keys: issuerKeys({ issuer, fetch, fetchTimeout: 3000, now }),
  now,
  audit: auditLog('authorizer'),
});
