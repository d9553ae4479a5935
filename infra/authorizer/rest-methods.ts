import type { Stack } from 'aws-cdk-lib';
import { CfnMethod, type IAuthorizer, Method } from 'aws-cdk-lib/aws-apigateway';
import { type Routes, requiredScope } from '../../functions/authorizer/routes.ts';

/**
 * Finds the methods of REST APIs in the authorizer's stack that it guards and whose route is not
 * listed. A policy knows patterns alone, so that such a route would be open to whoever may call
 * one that is listed with a path parameter above it.
 * @returns one sentence for each
 */
export function unlistedMethods(stack: Stack, authorizer: IAuthorizer, routes: Routes): string[] {
  const guarded = JSON.stringify(stack.resolve(authorizer.authorizerId));
  return stack.node
    .findAll()
    .filter((construct) => construct instanceof Method)
    .filter(({ node: { defaultChild } }) => {
      const id = defaultChild instanceof CfnMethod ? defaultChild.authorizerId : undefined;
      return id !== undefined && JSON.stringify(stack.resolve(id)) === guarded;
    })
    .map(({ httpMethod, resource }) => `${httpMethod} ${resource.path}`)
    .filter((route) => requiredScope(route, routes) === undefined)
    .map((route) => `routes does not list "${route}", which this authorizer guards: list it.`);
}
