import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { auditLog } from '../aws/audit-log.ts';
import { dynamodbNonceKeys } from '../aws/dynamodb-nonce-keys.ts';
import { dynamodbReplayGuard } from '../aws/dynamodb-replay-guard.ts';
import { lambdaSettings } from '../aws/lambda-settings.ts';
import { sdkSettings } from '../aws/sdk-settings.ts';
import { parseAssertionAlgorithms } from '../oauth/assertion-algorithms.ts';
import { noNonces, statelessNonces } from '../oauth/dpop-nonce.ts';
import { parseAudience, parseIssuer } from '../oauth/own-identifiers.ts';
import { parseAlgorithms } from './algorithms.ts';
import type { Authorizer } from './authorize.ts';
import type { BoundTokenEnvironment } from './bound-token-environment.ts';
import { metadataUrl } from './environment.ts';
import { foreignIssuers } from './foreign-issuers.ts';
import { issuerKeys } from './issuer-keys.ts';
import { confirmPossession } from './possession.ts';
import { basePathOf, parsePublicUrl } from './public-url.ts';
import { tableReading } from './revocations/table-reading.ts';
import { environmentRevocations } from './revocations/wiring.ts';
import { routesFrom } from './routes-variable.ts';

/**
 * Wires an authorizer, or a guard, of bound tokens.
 * @param name for the log
 * @param variable reads one of the environment
 * @param routesFolder where the file of ROUTES is, if it names one
 */
export function boundTokenAuthorizer(
  name: string,
  variable: (name: keyof BoundTokenEnvironment) => string,
  routesFolder: string,
): Authorizer {
  const dynamodb = new DynamoDBClient({ ...sdkSettings, ...lambdaSettings('DYNAMODB') });
  const ephemera = variable('EPHEMERA_TABLE');
  const issuer = parseIssuer(variable('ISSUER'));
  const dpopAlgorithms = parseAssertionAlgorithms(variable('DPOP_ALGORITHMS'));
  const publicUrl = parsePublicUrl(variable('PUBLIC_URL'));
  const now = () => Math.floor(Date.now() / 1000);
  const source = { fetch, fetchTimeout: 3000, now };
  const audience = parseAudience(variable('AUDIENCE'));
  const expected = {
    ...{ issuer, audience, now },
    algorithms: parseAlgorithms(variable('ALGORITHMS')),
    keys: issuerKeys({ ...source, issuer }),
    foreign: foreignIssuers(variable('FOREIGN_ISSUERS'), {
      ...source,
      issuer,
      audience,
    }),
  };
  return {
    ...expected,
    revocations: environmentRevocations(variable, { ...expected, ...tableReading(dynamodb) }),
    dpopAlgorithms,
    routes: routesFrom(variable('ROUTES'), routesFolder),
    basePath: basePathOf(publicUrl),
    confirm: confirmPossession({
      publicUrl,
      required: variable('BOUND_TOKENS') !== 'accepted',
      algorithms: dpopAlgorithms,
      nonces:
        variable('DPOP_NONCE') === 'off'
          ? noNonces
          : statelessNonces({ keys: dynamodbNonceKeys(dynamodb, ephemera), now }),
      replays: dynamodbReplayGuard(dynamodb, ephemera, now),
      now,
    }),
    resourceMetadata: metadataUrl(variable('RESOURCE_METADATA')),
    audit: auditLog(name),
  };
}
