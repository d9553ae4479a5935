import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import type { DomainSettings } from '../settings/domain-settings.ts';
import { nameInStack } from '../settings/physical-name.ts';

/**
 * Makes the HTTP API of a server, without a stage. Its own URL asks for no certificate: it would be a way around a
 * domain that does.
 */
export function newHttpApi(scope: Construct, mtlsDomain: DomainSettings | undefined): HttpApi {
  return new HttpApi(scope, 'HttpApi', {
    apiName: nameInStack(scope, '-authorization-server'),
    createDefaultStage: false,
    ...(mtlsDomain && { disableExecuteApiEndpoint: true }),
  });
}
