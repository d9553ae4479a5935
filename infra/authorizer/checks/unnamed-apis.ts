import type { IConstruct } from 'constructs';
import { guardVariable } from '../../../functions/authorizer/guard/environment.ts';
import { apiNameOf } from '../apis/api.ts';
import { functionName } from '../apis/calls.ts';
import type { AppTemplate } from '../template/app-template.ts';
import { asText, type Properties } from '../template/written-out.ts';
import type { ServedApi } from './served-apis.ts';

/**
 * Finds the APIs whose routes lead to a guarded function, and whose events its guard refuses, since nobody
 * has named them. Where an id is written out, it may be that of any API: then there is nothing to compare.
 * @returns one sentence for each
 */
export function unnamedApis(
  guarded: IConstruct,
  app: AppTemplate,
  served: readonly ServedApi[],
): string[] {
  const named = new Set(apiIdsOf(guarded, app).split(' ').map(apiNameOf));
  if (named.values().some((api) => !app.named.has(api))) return [];
  return served
    .filter(({ name }) => !named.has(name))
    .map(
      ({ path }) =>
        `routes of "${path}" lead to "${guarded.node.path}", but httpApis does not name that API, so that all ` +
        'of its requests are refused: add it, or lead its routes elsewhere.',
    );
}

/** The ids that the guard is told. */
function apiIdsOf(guarded: IConstruct, app: AppTemplate): string {
  const { Environment }: Properties = Object(app.named.get(functionName(guarded))?.properties);
  const { Variables }: Properties = Object(Environment);
  const variables: Properties = Object(Variables);
  return asText(variables[guardVariable('API_IDS')]);
}
