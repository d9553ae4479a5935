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
  /** The route of a denied request. It needs a Deny of its own: `*` in another route's ARN may match it. */
  readonly refusedRoute?: string | undefined;
}

/**
 * The policy of a token with this scope for every route of the stage. API Gateway caches it for the token
 * and applies it to other routes, too, so it must be right for all of them.
 */
export function accessPolicy({ stageArn, scope, routes, refusedRoute }: Access): PolicyDocument {
  const keys = (allowed: boolean): readonly string[] =>
    [...routes].filter(([, needed]) => needed.isSubsetOf(scope) === allowed).map(([key]) => key);
  const statement = (
    Effect: PolicyStatement['Effect'],
    routeKeys: readonly string[],
  ): PolicyStatement => {
    const suffixes = new Set(routeKeys.flatMap(arnSuffixes));
    const Resource = [...suffixes].map((suffix) => `${stageArn}/${suffix}`);
    return { Action: 'execute-api:Invoke', Effect, Resource };
  };
  const refused = refusedRoute === undefined ? [] : [refusedRoute];
  const statements = [
    statement('Allow', keys(true)),
    statement('Deny', [...keys(false), ...refused]),
  ];
  return {
    Version: '2012-10-17',
    Statement: statements.filter(({ Resource }) => Resource.length > 0),
  };
}
