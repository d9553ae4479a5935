import { Stack, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { foundPackage } from '../package-files.ts';
import { ConfigurationError } from './configuration-error.ts';

/**
 * Checks that a scope is made by the copy of the CDK that is imported here. Another copy's classes are
 * others, so that constructs of both in one app work by chance at best.
 * @returns the scope
 * @throws ConfigurationError
 */
export function checkSameCdk<Scope extends IConstruct>(scope: Scope): Scope {
  const foreign = scope.node.scopes.find(
    (one): boolean =>
      (Stack.isStack(one) && !(one instanceof Stack)) ||
      (Stage.isStage(one) && !(one instanceof Stage)),
  );
  if (foreign === undefined) return scope;
  const what = foreign.node.path === '' ? 'the app' : `"${foreign.node.path}"`;
  throw new ConfigurationError(
    `there are two copies of aws-cdk-lib: ${what} is made by another one than countersign imports, which is ` +
      `in ${foundPackage('aws-cdk-lib')?.folder}: see with npm ls aws-cdk-lib who brings them, and leave one.`,
  );
}
