import type { Scope } from '../oauth/scope.ts';
import { arnSuffixes } from './route-pattern.ts';
import type { Routes } from './routes.ts';

interface PolicyStatement {
  readonly Action: 'execute-api:Invoke';
  readonly Effect: 'Allow' | 'Deny';
  readonly Resource: readonly string[];
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** What a policy for all routes is made of. */
export interface Access {
  /** ARN of the API's stage, without a trailing slash. */
  readonly stageArn: string;
  /** What the token may do. */
  readonly scope: Scope;
  readonly routes: Routes;
  /** ARNs, or patterns of them, that are denied beside that: `*` in a route's ARN may match them. */
  readonly denied?: readonly string[];
}

/**
 * The policy of a token with this scope for every route of the stage. API Gateway caches it for the token
 * and applies it to other routes, too, so it must be right for all of them.
 */
export function accessPolicy({ stageArn, scope, routes, denied = [] }: Access): PolicyDocument {
  const arns = (allowed: boolean): readonly string[] =>
    [...routes]
      .filter(([, needed]) => needed.isSubsetOf(scope) === allowed)
      .flatMap(([key]) => arnSuffixes(key))
      .map((suffix) => `${stageArn}/${suffix}`);
  return policyOf([statement('Allow', arns(true)), statement('Deny', [...arns(false), ...denied])]);
}

/**
 * The policy for one request. API Gateway caches it for the same token, method and path. It says nothing
 * of another request, so that a cache which mixes them up denies the other.
 */
export const requestPolicy = (methodArn: string, isAllowed: boolean): PolicyDocument =>
  policyOf([
    isAllowed
      ? statement('Allow', [exactArn(methodArn)])
      : statement('Deny', [coveringArn(methodArn)]),
  ]);

const statement = (
  Effect: PolicyStatement['Effect'],
  arns: readonly string[],
): PolicyStatement => ({ Action: 'execute-api:Invoke', Effect, Resource: [...new Set(arns)] });

const policyOf = (statements: readonly PolicyStatement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements.filter(({ Resource }) => Resource.length > 0),
});

/**
 * Writes the ARN of one request as a pattern that covers it, whatever the client has put into its path, and
 * no ARN of another length. Any one character stands for a star, and for the beginning of a variable.
 */
export const exactArn = (arn: string): string => arn.replace(/\*|\$(?=\{)/g, '?');

// A policy that denies needs to say no more: what it does not name is denied, too.
const maxArnLength = 512;

/** The same, but a star stands for the rest of an ARN that is very long. */
export function coveringArn(arn: string): string {
  const pattern = exactArn(arn);
  return pattern.length <= maxArnLength ? pattern : `${pattern.slice(0, maxArnLength)}*`;
}
