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

/** What a policy is made of. */
export interface Access {
  /** ARN of the API's stage, without a trailing slash. */
  readonly stageArn: string;
  /** What the token may do. */
  readonly scope: Scope;
  readonly routes: Routes;
  /** What is denied beside that, by a Deny of its own: `*` in another route's ARN may match it. */
  readonly denied?: Denied;
}

interface Denied {
  readonly routes?: readonly string[];
  /** ARNs, or patterns of them. */
  readonly arns?: readonly string[];
}

// Beyond these one star stands for the rest: the policy needs room for the routes, and time to be compared.
const maxArnLength = 512;
const maxStars = 5;

/**
 * Writes the ARN of one request as a pattern that covers it, whatever the client has put into its path. A star
 * and a question mark cover themselves. What follows `${` would be read as a variable.
 */
export function coveringArn(arn: string): string {
  const parts = arn.replaceAll('${', '*{').split('*');
  const pattern = parts.slice(0, maxStars).join('*');
  const isShort = parts.length <= maxStars && pattern.length <= maxArnLength;
  return isShort ? pattern : `${pattern.slice(0, maxArnLength)}*`;
}

/**
 * The policy of a token with this scope for every route of the stage. API Gateway caches it for the token
 * and applies it to other routes, too, so it must be right for all of them.
 */
export function accessPolicy({ stageArn, scope, routes, denied = {} }: Access): PolicyDocument {
  const keys = (allowed: boolean): readonly string[] =>
    [...routes].filter(([, needed]) => needed.isSubsetOf(scope) === allowed).map(([key]) => key);
  const statement = (
    Effect: PolicyStatement['Effect'],
    routeKeys: readonly string[],
    arns: readonly string[] = [],
  ): PolicyStatement => {
    const ofRoutes = routeKeys.flatMap(arnSuffixes).map((suffix) => `${stageArn}/${suffix}`);
    return { Action: 'execute-api:Invoke', Effect, Resource: [...new Set([...ofRoutes, ...arns])] };
  };
  const statements = [
    statement('Allow', keys(true)),
    statement('Deny', [...keys(false), ...(denied.routes ?? [])], denied.arns),
  ];
  return {
    Version: '2012-10-17',
    Statement: statements.filter(({ Resource }) => Resource.length > 0),
  };
}
