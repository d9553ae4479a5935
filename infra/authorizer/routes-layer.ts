import { basename } from 'node:path/posix';
import {
  Code,
  type Function as LambdaFunction,
  LayerVersion,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { routesFolder } from '../../functions/authorizer/guard/environment.ts';
import { folderWith } from '../asset-folder.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';
import { type RouteScopes, routesTable } from './routes.ts';

/**
 * Gives a function of the owner's a table of routes that is too long for its environment: a layer, since its
 * code is the owner's.
 * @throws ConfigurationError when it cannot have one
 */
export function addRoutesLayer(guarded: LambdaFunction, routes: RouteScopes): void {
  const files = Object.entries(routesTable(routes).files);
  if (files.length === 0) return;
  const { path } = guarded.node;
  if (guarded.runtime.name === Runtime.FROM_IMAGE.name) {
    throw new ConfigurationError(
      `"${path}" is a container image, which can have no layer, but routes is so long that it needs one: write ` +
        'several routes as one ({proxy+}), or take AccessTokenAuthorizer.',
    );
  }
  const inLayer = Object.fromEntries(
    files.map(([name, text]) => [`${basename(routesFolder)}/${name}`, text]),
  );
  guarded.addLayers(
    new LayerVersion(guarded, 'GuardRoutes', {
      description: `Countersign: the routes that the guard of ${path} lets callers into`.slice(
        0,
        256,
      ),
      code: Code.fromAsset(folderWith(guarded, inLayer)),
    }),
  );
}
