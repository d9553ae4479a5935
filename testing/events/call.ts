import { defaultRoute, parseRouteKey } from '../../functions/authorizer/route-pattern.ts';
import type { CallProps } from './call-props.ts';

/** A call with all that follows from its properties. */
export interface Call {
  readonly route: string;
  readonly method: string;
  /** As the client writes it. */
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
  /** With names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>> | undefined;
  readonly body: string | undefined;
  /** In PEM. */
  readonly certificate: string | undefined;
  readonly host: string;
  readonly apiId: string;
}

/** The API of a call that does not name one. */
export const testApiId = 'testapi000';

/**
 * Works out a call, and makes the proof for it.
 * @param publicUrl where clients reach the API, unless the call says so
 * @throws Error, one sentence, for a route that is none, and for one whose parameters are not filled in
 */
export async function callOf(props: CallProps, publicUrl: string): Promise<Call> {
  const { route, pathParameters, query, body, apiId = testApiId } = props;
  const asked = { method: methodOf(props), path: encodeURI(props.path ?? filledIn(props)) };
  const api = props.publicUrl ?? publicUrl;
  const shown = await shownWith(props, { ...asked, url: `${api}${asked.path}` });
  const { host } = new URL(api);
  return {
    route,
    ...asked,
    pathParameters,
    headers: { host, ...typeOf(body), ...shown, ...lowerCase(props.headers ?? {}) },
    query,
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    certificate: props.certificate ?? certificateOf(props),
    host,
    apiId,
  };
}

function methodOf({ route, method }: CallProps): string {
  parseRouteKey(route);
  const [, named = 'ANY'] = /^([A-Z]+) /.exec(route) ?? [];
  return named === 'ANY' ? (method ?? 'GET') : named;
}

function filledIn({ route, pathParameters = {} }: CallProps): string {
  if (route === defaultRoute) return '/';
  return route.replace(/^[A-Z]+ /, '').replace(/\{([^}+]+)\+?\}/g, (_, name: string) => {
    const value = Object.hasOwn(pathParameters, name) ? pathParameters[name] : undefined;
    if (value !== undefined) return value;
    throw new Error(
      `"${route}" has {${name}}: say what it is by pathParameters: { ${name}: '...' }.`,
    );
  });
}

async function shownWith(
  { token, nonce }: CallProps,
  { method, url }: { readonly method: string; readonly url: string },
): Promise<Readonly<Record<string, string>>> {
  if (token === undefined) return {};
  if (typeof token === 'string') return { authorization: `Bearer ${token}` };
  const { access_token } = token;
  if (!('proof' in token)) return { authorization: `Bearer ${access_token}` };
  const dpop = await token.proof({ method, url, ...(nonce !== undefined && { nonce }) });
  return { authorization: `DPoP ${access_token}`, dpop };
}

const certificateOf = ({ token }: CallProps): string | undefined =>
  typeof token === 'object' && 'certificate' in token ? token.certificate : undefined;

const typeOf = (body: unknown): Readonly<Record<string, string>> =>
  body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' };

const lowerCase = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
