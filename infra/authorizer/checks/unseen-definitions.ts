import { isWhole } from '../apis/definitions.ts';
import type { AppTemplate } from '../template/app-template.ts';
import type { TemplateResource } from '../template/parts.ts';
import { asText, isKnownText, type Properties, refersTo } from '../template/written-out.ts';

/**
 * Finds APIs that have to do with a function, by its authorizer or as what they call, and whose routes only
 * the deployment makes: nobody can compare them with anything.
 * @param isAbout whether a text says something about the function
 * @returns one sentence for each
 */
export function unseenDefinitions(
  { resources }: AppTemplate,
  isAbout: (text: string) => boolean,
): string[] {
  const about = resources.filter(({ properties }) => isAbout(asText(properties)));
  return resources.flatMap((api) => {
    const reason = reasons[api.type]?.(api.properties);
    if (reason === undefined || !about.some((resource) => mayMean(resource, api))) return [];
    return [
      `the routes of "${api.path}" cannot be compared with routes, for ${reason}: write its definition ` +
        'out in the template, or make its routes as constructs.',
    ];
  });
}

/** A permission that names no API is one for all. */
function mayMean({ name, type, properties }: TemplateResource, api: TemplateResource): boolean {
  if (name === api.name || refersTo(asText(properties), api.name)) return true;
  const { Principal, SourceArn = '' } = properties;
  const isForAnyApi = asText(Principal).startsWith('apigateway.') && isKnownText(SourceArn);
  return type === 'AWS::Lambda::Permission' && isForAnyApi;
}

/** Resource type -> why its routes are not in the template; undefined: they are. */
const reasons: Readonly<Record<string, (properties: Properties) => string | undefined>> = {
  'AWS::ApiGateway::RestApi': whyHidden,
  'AWS::ApiGatewayV2::Api': whyHidden,
  'AWS::ApiGatewayV2::ApiGatewayManagedOverrides': () =>
    'it changes one that API Gateway makes by itself',
  'AWS::Serverless::Api': () => 'the deployment makes other resources of it',
  'AWS::Serverless::HttpApi': () => 'the deployment makes other resources of it',
};

function whyHidden({ Body, BodyS3Location, CloneFrom, ...others }: Properties): string | undefined {
  if (BodyS3Location !== undefined) return 'its definition is in S3';
  if (CloneFrom !== undefined) return 'it is a copy of another API';
  if (Body === undefined) return undefined;
  if (!isWhole(Body) || asText(Body).includes('Fn::Transform')) {
    return 'only the deployment puts its definition together';
  }
  const { BasePath, Parameters }: Properties = others;
  const { basepath = BasePath ?? 'ignore' }: Properties = Object(Parameters);
  return basepath === 'ignore' ? undefined : 'a base path goes before those of its definition';
}
