import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { ConfigurationError } from '../settings/configuration-error.ts';

/**
 * Checks who may call a function: a service of AWS calls it for whoever asks the service, unless a condition
 * says for whom.
 * @throws ConfigurationError
 */
export function checkInvoker({ grantPrincipal }: IGrantable): void {
  const { principalJson, conditions } = grantPrincipal.policyFragment;
  const isService = Object.hasOwn(principalJson, 'Service');
  if (!isService || /"aws:Source/i.test(JSON.stringify(conditions))) return;
  throw new ConfigurationError(
    'grantInvoke() is given a service without an API, so that those of every account could call the authorizer: ' +
      "take new ServicePrincipal('apigateway.amazonaws.com', { conditions: { ArnLike: { 'aws:SourceArn': " +
      "'arn:aws:execute-api:REGION:ACCOUNT:API/authorizers/*' } } }).",
  );
}
