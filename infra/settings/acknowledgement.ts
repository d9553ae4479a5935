import { type Acknowledgment, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says for what reason a rule of a checker of apps, such as cdk-nag, need not hold at a construct. Versions of
 * aws-cdk-lib without Validations have no checker that could be told.
 */
export function acknowledge(scope: IConstruct, ...rules: readonly Acknowledgment[]): void {
  const validations: typeof Validations | undefined = Validations;
  validations?.of(scope).acknowledge(...rules);
}
