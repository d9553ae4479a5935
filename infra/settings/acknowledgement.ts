// Not by its name: an ES module that imports what is not there does not load.
import * as cdk from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says for what reason a rule of a checker of apps, such as cdk-nag, need not hold at a construct. Versions of
 * aws-cdk-lib without Validations have no checker that could be told.
 */
export function acknowledge(scope: IConstruct, ...rules: readonly cdk.Acknowledgment[]): void {
  const { Validations: validations }: Partial<Pick<typeof cdk, 'Validations'>> = cdk;
  validations?.of(scope).acknowledge(...rules);
}
