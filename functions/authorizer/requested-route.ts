import { type Members, membersOf, textOf } from '../http/event-members.ts';

/** What is asked for: the route that API Gateway chose, and what it chose it for. */
export interface RequestedRoute {
  /** Such as `GET /orders/{id}`; undefined: the event does not tell. */
  readonly key: string | undefined;
  readonly method: string;
  /** The path that belongs to the route; several where the event does not tell for sure. */
  readonly paths: readonly string[];
  /** What may stand in a path before the part that belongs to the route: the stage. */
  readonly prefixes: readonly string[];
  /** Whether a base path may stand there, too: only domains of the owner's have one. */
  readonly mayHaveBasePath: boolean;
}

/** What an event tells of a request. */
interface Told {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  /** Of the request, in the notation of IAM. */
  readonly arn: unknown;
}

/**
 * Finds the part of a request's path that belongs to the route. A stage or a domain's base path may stand
 * before it: the route with its parameters filled in tells where it begins. Of `$default` nothing does.
 */
export function requestedRoute(event: Members, { key, method, path, arn }: Told): RequestedRoute {
  const filled = filledIn(key, membersOf(event.pathParameters));
  if (filled !== undefined && (filled === '/' || path.endsWith(filled))) {
    return { key, method, paths: [filled], prefixes: [], mayHaveBasePath: false };
  }
  const context = membersOf(event.requestContext);
  const stage = textOf(context.stage);
  const others = [arnPath(arn), filled].filter((other) => other !== undefined);
  return {
    key,
    method,
    paths: [path, ...others],
    prefixes: isInPath(stage) ? [`/${stage}`] : [],
    mayHaveBasePath: !/\.execute-api\./.test(textOf(context.domainName) ?? ''),
  };
}

function filledIn(key: string, parameters: Members): string | undefined {
  const [, template] = /^[A-Z]+ (\/.*)$/.exec(key) ?? [];
  if (!template?.includes('{')) return template;
  const values = template.split(/(\{[^}]+\})/).map((part) => {
    const [, name] = /^\{([^}+]+)\+?\}$/.exec(part) ?? [];
    return name === undefined ? part : textOf(parameters[name]);
  });
  return values.every((value) => value !== undefined) ? values.join('') : undefined;
}

/** What a TOKEN event tells of a request: its ARN. */
export const routeOfArn = (arn: unknown): RequestedRoute => ({
  key: undefined,
  method: '',
  paths: [arnPath(arn) ?? ''],
  prefixes: [],
  mayHaveBasePath: false,
});

const arnPath = (arn: unknown): string | undefined =>
  /^arn:[^/]*\/[^/]*\/[^/]*(\/.*)$/s.exec(textOf(arn) ?? '')?.[1];

/** The stage of an HTTP API that is named `$default` adds nothing to the path. */
export const isInPath = (stage: string | undefined): stage is string =>
  stage !== undefined && stage !== '$default';
