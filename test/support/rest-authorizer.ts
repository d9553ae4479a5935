import { arnMatches } from './arn-pattern.ts';

/** How one call to a REST API ends at its Lambda authorizer. */
interface GatewayAnswer {
  readonly status: 200 | 401 | 403 | 500;
  /** What the integration, or the ACCESS_DENIED gateway response, sees of the authorizer. */
  readonly context?: Readonly<Record<string, unknown>>;
}

export interface RestApi {
  readonly call: (
    method: string,
    path: string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<GatewayAnswer>;
  /** How often the authorizer was invoked. */
  readonly invocations: () => number;
}

export interface RestApiSettings {
  /** The API's methods as route keys, such as `GET /orders/{id}`. */
  readonly methods: readonly string[];
  readonly type: 'TOKEN' | 'REQUEST';
  readonly handler: (event: unknown) => Promise<unknown>;
  /** Seconds for which results are kept; 0: they are not. */
  readonly ttl: number;
  /** NumericDate. */
  readonly now: () => number;
  /** @default the Authorization header alone */
  readonly identity?: readonly ('Authorization' | 'httpMethod' | 'resourcePath' | 'path')[];
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly resource: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Result {
  readonly policyDocument: Policy;
  readonly context: Readonly<Record<string, unknown>>;
}

interface Policy {
  readonly Statement: readonly {
    readonly Effect: 'Allow' | 'Deny';
    readonly Resource: readonly string[];
  }[];
}

export const stageArn = 'arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod';

/**
 * A model of what API Gateway's REST APIs do with a Lambda authorizer: the resource is chosen, an
 * absent identity source is a 401 without an invocation, a result is kept under its identity
 * sources whatever the route, and its policy is applied to each method ARN.
 */
export function restApi(settings: RestApiSettings): RestApi {
  const cache = new Map<string, { readonly result: Result; readonly until: number }>();
  let invocations = 0;

  const invoke = async (call: Call): Promise<Result> => {
    invocations += 1;
    return checkResult(await settings.handler(authorizerEvent(settings.type, call)));
  };
  const resultFor = async (call: Call, key: string): Promise<Result> => {
    const cached = cache.get(key);
    if (cached !== undefined && settings.now() < cached.until) return cached.result;
    const result = await invoke(call);
    cache.set(key, { result, until: settings.now() + settings.ttl });
    return result;
  };
  const answerFor = async (call: Call, key: string): Promise<GatewayAnswer> => {
    try {
      const { policyDocument, context } = await resultFor(call, key);
      const allowed = evaluate(policyDocument, `${stageArn}/${call.method}${call.path}`);
      return { status: allowed ? 200 : 403, context };
    } catch (error) {
      return { status: error instanceof Error && error.message === 'Unauthorized' ? 401 : 500 };
    }
  };
  const call: RestApi['call'] = async (method, path, headers = {}) => {
    const resource = chosenRoute(settings.methods, method, path)?.replace(/^[A-Z]+ /, '');
    if (resource === undefined) return { status: 403 };
    const received = { method, path, resource, headers };
    const identity = identityOf(settings.identity ?? ['Authorization'], received);
    if (!identity.every(Boolean)) return { status: 401 };
    return await answerFor(received, JSON.stringify(identity));
  };
  return { call, invocations: () => invocations };
}

/** The route key that API Gateway chooses: the most specific resource, then its method or ANY. */
export function chosenRoute(
  methods: readonly string[],
  method: string,
  path: string,
): string | undefined {
  const resources = [...new Set(methods.map((key) => key.replace(/^[A-Z]+ /, '')))];
  const resource = resources
    .filter((template) => templatePattern(template).test(path))
    .sort((one, other) => (specificity(one) < specificity(other) ? -1 : 1))[0];
  return [`${method} ${resource}`, `ANY ${resource}`].find((key) => methods.includes(key));
}

/** Whether a policy lets a method ARN through, as IAM evaluates it: one Allow, and no Deny. */
export function evaluate(policy: Policy, methodArn: string): boolean {
  const effects = policy.Statement.filter(({ Resource }) =>
    Resource.some((pattern) => arnMatches(pattern, methodArn)),
  ).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function authorizerEvent(type: RestApiSettings['type'], call: Call): unknown {
  const { method, path, resource, headers } = call;
  const methodArn = `${stageArn}/${method}${path}`;
  if (type === 'TOKEN') return { type, methodArn, authorizationToken: headers.Authorization };
  return {
    type,
    methodArn,
    resource,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    ),
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    requestContext: { requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef', resourcePath: resource },
  };
}

const identityOf = (sources: readonly string[], call: Call): readonly (string | undefined)[] =>
  sources.map((source) => {
    if (source === 'httpMethod') return call.method;
    if (source === 'path') return call.path;
    return source === 'resourcePath' ? call.resource : call.headers[source];
  });

// API Gateway answers 500 for a result that is too large or of another form.
function checkResult(value: unknown): Result {
  const result: { principalId?: unknown } & Partial<Result> = Object(value);
  const { policyDocument, context, principalId } = result;
  const scalars = ['string', 'number', 'boolean'];
  if (typeof principalId !== 'string' || policyDocument === undefined || context === undefined) {
    throw new Error('AuthorizerConfigurationException');
  }
  const fits = JSON.stringify(value).length <= 8192;
  const isFlat = Object.values(context).every((entry) => scalars.includes(typeof entry));
  if (!fits || !isFlat) throw new Error('AuthorizerConfigurationException');
  return { policyDocument, context };
}

const escapeText = (text: string) => text.replace(/[.+^$(){}|[\]\\]/g, '\\$&');

const templatePattern = (template: string) =>
  new RegExp(
    `^${template
      .split('/')
      .map((segment) => {
        if (/^\{.*\+\}$/.test(segment)) return '.+';
        return /^\{.*\}$/.test(segment) ? '[^/]+' : escapeText(segment);
      })
      .join('/')}$`,
  );

// One letter a segment, compared from the left: a literal before {name} before {name+}.
const specificity = (template: string) =>
  template
    .split('/')
    .map((segment) => {
      if (/^\{.*\+\}$/.test(segment)) return 'c';
      return /^\{.*\}$/.test(segment) ? 'b' : 'a';
    })
    .join('');
