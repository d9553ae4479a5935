import { auditLog } from '../aws/audit-log.ts';
import { env } from '../aws/env.ts';
import { parseAudience, parseIssuer } from '../oauth/own-identifiers.ts';
import { parseAlgorithms } from './algorithms.ts';
import type { Authorizer } from './authorize.ts';
import { bearerTokensAlone } from './bearer-tokens.ts';
import { type AuthorizerEnvironment, metadataUrl } from './environment.ts';
import { foreignIssuers } from './foreign-issuers.ts';
import { issuerKeys } from './issuer-keys.ts';
import { environmentRevocations, type TableReading } from './revocations/wiring.ts';
import { routesFrom } from './routes-variable.ts';

/**
 * Wires an authorizer of bearer tokens.
 * @param routesFolder where the file of ROUTES is, if it names one
 */
export function bearerTokenAuthorizer(routesFolder: string, reading: TableReading): Authorizer {
  const issuer = parseIssuer(env<AuthorizerEnvironment>('ISSUER'));
  const now = () => Math.floor(Date.now() / 1000);
  const source = { fetch, fetchTimeout: 3000, now };
  const audience = parseAudience(env<AuthorizerEnvironment>('AUDIENCE'));
  const expected = {
    ...{ issuer, audience, now },
    algorithms: parseAlgorithms(env<AuthorizerEnvironment>('ALGORITHMS')),
    keys: issuerKeys({ ...source, issuer }),
    foreign: foreignIssuers(env<AuthorizerEnvironment>('FOREIGN_ISSUERS'), {
      ...source,
      issuer,
      audience,
    }),
  };
  return {
    ...expected,
    revocations: environmentRevocations(env<AuthorizerEnvironment>, { ...expected, ...reading }),
    routes: routesFrom(env<AuthorizerEnvironment>('ROUTES'), routesFolder),
    basePath: undefined,
    confirm: bearerTokensAlone,
    dpopAlgorithms: [],
    resourceMetadata: metadataUrl(env<AuthorizerEnvironment>('RESOURCE_METADATA')),
    audit: auditLog('authorizer'),
  };
}
