import { CfnMapping, CfnOutput, Duration, Fn, Stack } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import {
  type OnStaleRevocations,
  type RevocationCheckEnvironment,
  withoutRevocations,
} from '../../functions/authorizer/revocations/environment.ts';
import { revocationListPath } from '../../functions/oauth/revocation-list.ts';
import { defaultGrace } from '../authorizer/revocation-settings.ts';
import { revocationTimes } from '../authorizer/revocation-times.ts';
import { checkWholeNumber } from '../settings/setting-checks.ts';
import { between } from './limits.ts';
import type { ParameterLimits, Parameters } from './parameters.ts';

/** Seconds that somebody may ask for: CloudFormation cannot divide them otherwise. */
const choices = [4, 5, 7, 10, 15, 20, 30, 60, 120, 300] as const;

const [within, grace, onStale] = [
  'RefuseRevokedWithin',
  'RevocationGrace',
  'OnStaleRevocations',
] as const;

/** How soon an authorizer refuses tokens that were taken back. */
export const revocationParameters: Readonly<Record<string, ParameterLimits>> = {
  [within]: {
    description: 'Seconds within which a token is refused that was taken back; or none: never',
    default: 'none',
    allowedValues: ['none', ...choices.map(String)],
    constraintDescription: `must be none, ${choices.join(', ')}`,
  },
  [grace]: {
    description: 'Seconds that the last list of what was taken back serves while none can be had',
    default: String(defaultGrace.toSeconds()),
    ...between(checkWholeNumber({ of: 'seconds', from: 0, to: 86_400 })),
  },
  [onStale]: {
    description: 'What comes of requests after that time',
    default: withoutRevocations.ON_STALE_REVOCATIONS,
    allowedValues: ['refuse', 'allow'] satisfies OnStaleRevocations[],
    constraintDescription: 'must be refuse or allow',
  },
};

/**
 * Puts these parameters into the environment of an authorizer, and says for how long API Gateway may keep its
 * answers: 0 where it takes bound tokens.
 */
export function putRevocationParameters(
  authorizer: LambdaFunction,
  parameters: Parameters,
  { mayKeep }: { readonly mayKeep: boolean },
): void {
  const stack = Stack.of(authorizer);
  const times = new CfnMapping(stack, 'RevokedWithin', { mapping: mapping() });
  const set = (variable: keyof RevocationCheckEnvironment, value: string) =>
    authorizer.addEnvironment(variable, value);
  const isSet = parameters.isSet(within, 'none');
  const list = Fn.join('', [Fn.ref('Issuer'), revocationListPath]);
  set('REVOCATION_LIST', Fn.conditionIf(isSet.logicalId, list, 'none').toString());
  set('REVOCATION_MAX_AGE', times.findInMap(Fn.ref(within), 'MaxAge'));
  set('REVOCATION_GRACE', Fn.ref(grace));
  set('ON_STALE_REVOCATIONS', Fn.ref(onStale));
  new CfnOutput(stack, 'LongestResultTtl', {
    description: 'Seconds for which an authorizer of API Gateway may keep an answer, at most',
    value: mayKeep ? times.findInMap(Fn.ref(within), 'ResultTtl') : '0',
  });
}

const mapping = () => ({
  none: { MaxAge: withoutRevocations.REVOCATION_MAX_AGE, ResultTtl: '3600' },
  ...Object.fromEntries(choices.map((seconds) => [String(seconds), timesOf(seconds)])),
});

function timesOf(seconds: number) {
  const refuseRevokedWithin = Duration.seconds(seconds);
  const { maxAge, longestCache } = revocationTimes({ refuseRevokedWithin }, 0);
  return { MaxAge: String(maxAge), ResultTtl: String(longestCache) };
}
