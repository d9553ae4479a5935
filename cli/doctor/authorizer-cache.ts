import type { Examination } from './examination.ts';
import { judged, notChecked, ok, problem, type Verdict, warning } from './finding.ts';
import { resourcesOf, type Template, type TemplateResource } from './template.ts';

/** Seconds for which a token that has ended may still be honoured without a warning. */
const longest = 300;
/** What API Gateway takes where a template says nothing. */
const unsaid = 300;

/** Whether what the authorizers of the stacks remember fits their answers (RFC 9068 §4). */
export async function checkAuthorizerCache({ subject }: Examination): Promise<readonly Verdict[]> {
  const looks = subject.templates.map(({ read }) =>
    judged(async () => authorizersOf(await read()).map(authorizerVerdict)),
  );
  const verdicts = (await Promise.all(looks)).flat();
  return verdicts.length > 0 ? verdicts : [noAuthorizer];
}

const noAuthorizer = notChecked(
  'No Lambda authorizer is known.',
  'Name the CloudFormation stacks of the APIs with --api-stack.',
);

/** A Lambda authorizer, whatever the type of its API. */
interface Authorizer {
  readonly who: string;
  /** Seconds. */
  readonly ttl: number;
  /** What an answer is remembered under. */
  readonly sources: readonly string[];
  /** What must be among them: an expression, and what goes wrong without it. */
  readonly needs: readonly (readonly [source: string, wrong: string])[];
}

const stranger = 'one cached answer is for every caller';
const otherRoute = 'one cached answer opens every route';

function authorizersOf(template: Template): readonly Authorizer[] {
  const who = ({ id }: TemplateResource) => `The authorizer ${id} of the stack ${template.name}`;
  const http = resourcesOf(template, 'AWS::ApiGatewayV2::Authorizer')
    .filter(({ properties }) => properties.AuthorizerType === 'REQUEST')
    // A WebSocket API's has none, and remembers nothing.
    .filter(({ properties }) => properties.AuthorizerPayloadFormatVersion !== undefined)
    .map((resource) => httpAuthorizer(who(resource), resource));
  const rest = resourcesOf(template, 'AWS::ApiGateway::Authorizer')
    .filter(({ properties }) => ['TOKEN', 'REQUEST'].includes(String(properties.Type)))
    .map((resource) => restAuthorizer(who(resource), resource));
  return [...http, ...rest];
}

/** Of an HTTP API. Its simple answer does not say which route it is for. */
function httpAuthorizer(who: string, { properties }: TemplateResource): Authorizer {
  const { AuthorizerResultTtlInSeconds: ttl, EnableSimpleResponses, IdentitySource } = properties;
  const isSimple = String(EnableSimpleResponses) === 'true';
  return {
    who,
    ttl: Number(ttl ?? unsaid),
    sources: (Array.isArray(IdentitySource) ? IdentitySource : []).map(trimmed),
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
    ttl: Number(ttl ?? unsaid),
    sources: String(IdentitySource ?? '')
      .split(',')
      .map(trimmed),
    // Type TOKEN has the one header as its source, and knows no other.
    needs: Type === 'TOKEN' ? [] : [['method.request.header.Authorization', stranger]],
  };
}

const trimmed = (source: unknown): string => String(source).trim();

function authorizerVerdict({ who, ttl, sources, needs }: Authorizer): Verdict {
  if (Number.isNaN(ttl)) return unknownTtl(who);
  if (ttl === 0) return ok(`${who} remembers no answer.`);
  const known = sources.map((source) => source.toLowerCase());
  const lacking = needs.find(([source]) => !known.includes(source.toLowerCase()));
  if (lacking) return lackingSource(who, ...lacking);
  if (ttl > longest) return keptTooLong(who, ttl);
  return ok(`${who} remembers an answer for ${ttl} s, under ${sources.join(' and ')}.`);
}

function unknownTtl(who: string): Verdict {
  const what = `How long ${who.replace('The', 'the')} remembers an answer is a parameter.`;
  return notChecked(what, 'Look at its value in CloudFormation.');
}

function lackingSource(who: string, source: string, wrong: string): Verdict {
  return problem(
    `${who} remembers answers without ${source}: ${wrong}.`,
    'Add it to the identity sources of the authorizer, or set its cache to 0 seconds.',
  );
}

function keptTooLong(who: string, ttl: number): Verdict {
  return warning(
    `${who} remembers an answer for ${ttl} s: a token that has expired or was revoked is honoured for as long.`,
    `Set its cache to ${longest} seconds or fewer.`,
  );
}
