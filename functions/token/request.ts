import { membersOf } from '../http/event-members.ts';
import type { HttpCall } from '../http/http-function.ts';
import { type GrantType, grantTypes } from '../oauth/client.ts';
import { OAuthError } from '../oauth/oauth-error.ts';
import { isResourceIdentifier, isSameResource } from '../oauth/resource-server.ts';
import { parseScope, type Scope } from '../oauth/scope.ts';
import type { PresentedCredentials } from './authentication/presented-credentials.ts';

/** A token request (RFC 6749 §4.4.2), parsed. */
export interface TokenRequest {
  readonly grant_type: GrantType;
  readonly scope: Scope | undefined;
  /** By `resource` (RFC 8707 §2), or by its other name, `audience` (RFC 8693 §2.1). */
  readonly resource: string | undefined;
  readonly presented: PresentedCredentials;
  /** The value of the DPoP header (RFC 9449 §4.1). */
  readonly dpop: string | undefined;
}

/**
 * Parses a token request, whose form body has been read.
 * @throws OAuthError `invalid_request`, `unsupported_grant_type`, `invalid_scope`, `invalid_target`.
 */
export function parseTokenRequest({ body, headers, clientCertificate }: HttpCall): TokenRequest {
  const form = parseForm(body);
  return {
    grant_type: parseGrantType(form.one('grant_type')),
    scope: optional(form.one('scope'), parseScope),
    resource: parseResource(form),
    presented: {
      authorization: headers.get('authorization'),
      client_id: form.one('client_id'),
      client_secret: form.one('client_secret'),
      client_assertion: form.one('client_assertion'),
      client_assertion_type: form.one('client_assertion_type'),
      client_certificate: clientCertificate,
    },
    dpop: headers.get('dpop'),
  };
}

/** The parameters of a form that have a value: one without is treated as omitted (RFC 6749 §3.2). */
interface Form {
  one(name: string): string | undefined;
  /** The values of a parameter that may be repeated. */
  all(name: string): readonly string[];
}

/** Reads what the form parser has made of the body: an object of texts and lists of texts. */
function parseForm(body: unknown): Form {
  const parameters = membersOf(body);
  const all = (name: string): readonly string[] => {
    const given = parameters[name];
    return (Array.isArray(given) ? given : [given]).filter(hasValue);
  };
  const one = (name: string): string | undefined => {
    const given = parameters[name];
    return typeof given === 'string' ? given || undefined : all(name)[0];
  };
  return { one, all };
}

const hasValue = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** RFC 6749 §4.4.2 and §5.2. */
function parseGrantType(value: string | undefined): GrantType {
  if (value === undefined) throw new OAuthError('invalid_request', 'grant_type is missing');
  const grantType = grantTypes.find((known) => known === value);
  if (!grantType) throw new OAuthError('unsupported_grant_type', 'grant_type is not supported');
  return grantType;
}

/**
 * RFC 8707 §2, RFC 8693 §2.1. One resource server alone, though by both names, so that each token has a single
 * audience (RFC 9700 §2.3).
 */
function parseResource(form: Form): string | undefined {
  const resource = parseIdentifier('resource', form);
  const audience = parseIdentifier('audience', form);
  if (resource === undefined || audience === undefined) return resource ?? audience;
  if (isSameResource(resource, audience)) return resource;
  throw new OAuthError('invalid_target', 'resource and audience are not the same');
}

function parseIdentifier(name: 'resource' | 'audience', form: Form): string | undefined {
  const [identifier, ...more] = form.all(name);
  if (more.length > 0) throw new OAuthError('invalid_target', `${name} may be given only once`);
  if (identifier !== undefined && !isResourceIdentifier(identifier)) {
    throw new OAuthError('invalid_target', `${name} is not an absolute URI without a fragment`);
  }
  return identifier;
}

function optional<In, Out>(value: In | undefined, parse: (value: In) => Out): Out | undefined {
  return value === undefined ? undefined : parse(value);
}
