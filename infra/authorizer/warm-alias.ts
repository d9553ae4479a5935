import { Token } from 'aws-cdk-lib';
import { Alias, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { wrongValue } from '../settings/configuration-error.ts';

/**
 * Makes the alias of a function of which some instances are kept warm: Lambda keeps none of a function itself.
 * @returns undefined when none are asked for
 * @throws ConfigurationError
 */
export function warmAlias(of: LambdaFunction, instances: number | undefined): Alias | undefined {
  if (instances === undefined) return undefined;
  const isCount = Token.isUnresolved(instances) || (Number.isInteger(instances) && instances > 0);
  if (!isCount) {
    throw wrongValue('provisionedConcurrency', instances, 'must be a whole number above 0');
  }
  return new Alias(of, 'Warm', {
    aliasName: 'warm',
    version: of.currentVersion,
    provisionedConcurrentExecutions: instances,
  });
}
