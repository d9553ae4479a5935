import { resourcesOf, type Template, type TemplateResource } from './template.ts';

/** What a REST API calls the header of access tokens. */
export const restAuthorization = 'method.request.header.Authorization';
/** A source that a template says by a function, such as a parameter. */
export const untold = '(a parameter)';
/** What API Gateway takes where a template says nothing. */
const unsaid = 300;

/** A Lambda authorizer, whatever the type of its API. */
export interface Authorizer {
  readonly who: string;
  /** Seconds; NaN: a parameter says it. */
  readonly ttl: number;
  /** What an answer is remembered under. */
  readonly sources: readonly string[];
  /** What must be among them: an expression, and what goes wrong without it. */
  readonly needs: readonly (readonly [source: string, wrong: string])[];
  /** Whether the token comes by one header, that which is its source. */
  readonly hasOneHeader?: boolean;
  /** Whether it lets in by a proof of possession, which counts once. */
  readonly asksForProof?: boolean;
}

const stranger = 'one cached answer is for every caller';
const otherRoute = 'one cached answer opens every route';

/** The Lambda authorizers of a template; those of other kinds ask nobody. */
export function authorizersOf(template: Template): readonly Authorizer[] {
  const who = ({ id }: TemplateResource) => `The authorizer ${id} of the stack ${template.name}`;
  const http = resourcesOf(template, 'AWS::ApiGatewayV2::Authorizer')
    .filter(({ properties }) => properties.AuthorizerType === 'REQUEST')
    // A WebSocket API's has none, and remembers nothing.
    .filter(({ properties }) => properties.AuthorizerPayloadFormatVersion !== undefined)
    .map((resource) => ({
      ...httpAuthorizer(who(resource), resource),
      asksForProof: takesBoundTokens(template, resource),
    }));
  const rest = resourcesOf(template, 'AWS::ApiGateway::Authorizer')
    .filter(({ properties }) => properties.Type === 'TOKEN' || properties.Type === 'REQUEST')
    .map((resource) => ({
      ...restAuthorizer(who(resource), resource),
      // One of type TOKEN sees no proof, and lets no bound token in.
      asksForProof: resource.properties.Type !== 'TOKEN' && takesBoundTokens(template, resource),
    }));
  return [...http, ...rest];
}

/**
 * Whether an authorizer calls a function of the template that AccessTokenAuthorizer made for bound tokens, be
 * it by a version or an alias. A function of another template is not seen.
 */
function takesBoundTokens(template: Template, { properties }: TemplateResource): boolean {
  const functions = resourcesOf(template, 'AWS::Lambda::Function').filter((resource) =>
    JSON.stringify(resource.properties.Environment ?? '').includes('"BOUND_TOKENS"'),
  );
  const versions = named(template, 'AWS::Lambda::Version', functions);
  const aliases = named(template, 'AWS::Lambda::Alias', [...functions, ...versions]);
  return refersTo(properties.AuthorizerUri, [...functions, ...versions, ...aliases]);
}

const named = (template: Template, type: string, what: readonly TemplateResource[]) =>
  resourcesOf(template, type).filter(({ properties }) => refersTo(properties, what));

/** By Ref, Fn::GetAtt or Fn::Sub. */
function refersTo(value: unknown, what: readonly TemplateResource[]): boolean {
  const text = JSON.stringify(value ?? '');
  return what.some(({ id }) =>
    [`"${id}"`, `\${${id}.`, `\${${id}}`].some((one) => text.includes(one)),
  );
}

/** Of an HTTP API. Its simple answer does not say which route it is for. */
function httpAuthorizer(who: string, { properties }: TemplateResource): Authorizer {
  const { AuthorizerResultTtlInSeconds: ttl, EnableSimpleResponses, IdentitySource } = properties;
  const isSimple = EnableSimpleResponses === true || EnableSimpleResponses === 'true';
  return {
    who,
    ttl: secondsOf(ttl),
    sources: [IdentitySource ?? []].flat().map(sourceOf),
    needs: [
      ['$request.header.Authorization', stranger],
      ...(isSimple ? ([['$context.routeKey', otherRoute]] as const) : []),
    ],
  };
}

/** Of a REST API. Its answer is a policy, which tells the routes apart. */
function restAuthorizer(who: string, { properties }: TemplateResource): Authorizer {
  const { AuthorizerResultTtlInSeconds: ttl, IdentitySource, Type } = properties;
  return {
    who,
    ttl: secondsOf(ttl),
    sources:
      typeof IdentitySource === 'string' ? IdentitySource.split(',').map(sourceOf) : [untold],
    // Type TOKEN has the one header as its source, and knows no other.
    needs: Type === 'TOKEN' ? [] : [[restAuthorization, stranger]],
    hasOneHeader: Type === 'TOKEN',
  };
}

const secondsOf = (ttl: unknown): number => {
  const isSaid = typeof ttl === 'number' || typeof ttl === 'string';
  return ttl === undefined ? unsaid : Number(isSaid ? ttl : Number.NaN);
};

const sourceOf = (source: unknown): string => (typeof source === 'string' ? source.trim() : untold);
