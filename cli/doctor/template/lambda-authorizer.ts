import { resourcesOf, type Template, type TemplateResource } from './template.ts';

/** What a REST API calls the header of access tokens. */
export const restAuthorization = 'method.request.header.Authorization';
/** Stands for a source that the template gives by an intrinsic function, such as a parameter. */
export const unresolved = '(a parameter)';
/** Seconds that API Gateway caches an answer where the template says nothing. */
const defaultTtl = 300;

/** A Lambda authorizer, whatever the type of its API. */
export interface Authorizer {
  /** Its name and its stack's, to begin a sentence. */
  readonly who: string;
  /** Seconds that its answers are cached; NaN: a parameter says it. */
  readonly ttl: number;
  /** The identity sources, under which an answer is cached. */
  readonly sources: readonly string[];
  /** What must be among them: an expression, and what goes wrong without it. */
  readonly needs: readonly (readonly [source: string, wrong: string])[];
  /** Whether its one source is the header that it takes the token from. */
  readonly hasOneHeader?: boolean;
  /** Whether it takes bound tokens, with a DPoP proof or a certificate for each request. */
  readonly takesBoundTokens?: boolean;
}

const servesEveryCaller = 'one cached answer is for every caller';
const opensEveryRoute = 'one cached answer opens every route';

/** The Lambda authorizers of a template. Other kinds (JWT, Cognito) call no function. */
export function authorizersOf(template: Template): readonly Authorizer[] {
  const who = ({ id }: TemplateResource) => `The authorizer ${id} of the stack ${template.name}`;
  const http = resourcesOf(template, 'AWS::ApiGatewayV2::Authorizer')
    .filter(({ properties }) => properties.AuthorizerType === 'REQUEST')
    // An authorizer of a WebSocket API has no such version, and its answers are not cached.
    .filter(({ properties }) => properties.AuthorizerPayloadFormatVersion !== undefined)
    .map((resource) => ({
      ...httpAuthorizer(who(resource), resource),
      takesBoundTokens: callsBoundTokenFunction(template, resource),
    }));
  const rest = resourcesOf(template, 'AWS::ApiGateway::Authorizer')
    .filter(({ properties }) => properties.Type === 'TOKEN' || properties.Type === 'REQUEST')
    .map((resource) => ({
      ...restAuthorizer(who(resource), resource),
      // Type TOKEN gets the token alone, without proof and certificate: it lets no bound token in.
      takesBoundTokens:
        resource.properties.Type !== 'TOKEN' && callsBoundTokenFunction(template, resource),
    }));
  return [...http, ...rest];
}

/**
 * Whether an authorizer calls a function that AccessTokenAuthorizer made for bound tokens, be it by a
 * version or an alias. A function of another template is not found.
 */
function callsBoundTokenFunction(template: Template, { properties }: TemplateResource): boolean {
  const functions = resourcesOf(template, 'AWS::Lambda::Function').filter((resource) =>
    JSON.stringify(resource.properties.Environment ?? '').includes('"BOUND_TOKENS"'),
  );
  const versions = referring(template, 'AWS::Lambda::Version', functions);
  const aliases = referring(template, 'AWS::Lambda::Alias', [...functions, ...versions]);
  return refersTo(properties.AuthorizerUri, [...functions, ...versions, ...aliases]);
}

const referring = (template: Template, type: string, what: readonly TemplateResource[]) =>
  resourcesOf(template, type).filter(({ properties }) => refersTo(properties, what));

/** Whether a value refers to one of the resources by Ref, Fn::GetAtt or Fn::Sub. */
function refersTo(value: unknown, what: readonly TemplateResource[]): boolean {
  const text = JSON.stringify(value ?? '');
  return what.some(({ id }) =>
    [`"${id}"`, `\${${id}.`, `\${${id}}`].some((one) => text.includes(one)),
  );
}

/** An authorizer of an HTTP API. Its simple answer does not say which route it is for. */
function httpAuthorizer(who: string, { properties }: TemplateResource): Authorizer {
  const { AuthorizerResultTtlInSeconds: ttl, EnableSimpleResponses, IdentitySource } = properties;
  const isSimple = EnableSimpleResponses === true || EnableSimpleResponses === 'true';
  return {
    who,
    ttl: secondsOf(ttl),
    sources: [IdentitySource ?? []].flat().map(sourceOf),
    needs: [
      ['$request.header.Authorization', servesEveryCaller],
      ...(isSimple ? ([['$context.routeKey', opensEveryRoute]] as const) : []),
    ],
  };
}

/** An authorizer of a REST API. Its answer is a policy, which names the routes. */
function restAuthorizer(who: string, { properties }: TemplateResource): Authorizer {
  const { AuthorizerResultTtlInSeconds: ttl, IdentitySource, Type } = properties;
  return {
    who,
    ttl: secondsOf(ttl),
    sources:
      typeof IdentitySource === 'string' ? IdentitySource.split(',').map(sourceOf) : [unresolved],
    // Type TOKEN has one header as its source, and cannot have another.
    needs: Type === 'TOKEN' ? [] : [[restAuthorization, servesEveryCaller]],
    hasOneHeader: Type === 'TOKEN',
  };
}

const secondsOf = (ttl: unknown): number => {
  const isSaid = typeof ttl === 'number' || typeof ttl === 'string';
  return ttl === undefined ? defaultTtl : Number(isSaid ? ttl : Number.NaN);
};

const sourceOf = (source: unknown): string =>
  typeof source === 'string' ? source.trim() : unresolved;
