import type { Form } from '../authentication/form.ts';
import { parseToken } from '../authentication/token-parameter.ts';
import type { HttpCall } from '../http/http-function.ts';

/** A request about a token (RFC 7662 §2.1, RFC 9701 §4). */
export interface IntrospectionRequest {
  readonly token: string;
  /** Whether the answer is to be a signed JWT. */
  readonly isSigned: boolean;
}

/** The media type of a signed answer, and the `typ` of its JWT, below `application/` (RFC 9701 §5). */
export const signedAnswerType = 'token-introspection+jwt';

/** Parses a request about a token. @throws OAuthError `invalid_request` */
export const parseIntrospectionRequest = (
  form: Form,
  { headers }: Pick<HttpCall, 'headers'>,
): IntrospectionRequest => ({
  token: parseToken(form),
  isSigned: prefersSigned(headers.get('accept') ?? ''),
});

const json = ['application/json', 'application/*', '*/*'];

/**
 * RFC 9110 §12.5.1. A signed answer is for whoever names it, and does not like JSON better: a wildcard comes from
 * clients that know nothing of it.
 */
function prefersSigned(accept: string): boolean {
  const ranges = accept.split(',').map(readRange);
  const quality = (names: readonly string[]): number =>
    Math.max(0, ...ranges.filter(({ name }) => names.includes(name)).map(({ weight }) => weight));
  const signed = quality([`application/${signedAnswerType}`]);
  return signed > 0 && signed >= quality(json);
}

/** One media range and its weight, which is 1 where it is not said in the form of a weight. */
function readRange(range: string): { readonly name: string; readonly weight: number } {
  const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weights = parameters.map((parameter) =>
    /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.exec(parameter),
  );
  const [, weight = '1'] = weights.find((match) => match !== null) ?? [];
  return { name, weight: Number(weight) };
}
