import type { Form } from '../authentication/form.ts';
import { type GrantType, grantTypes } from '../oauth/client.ts';
import { OAuthError } from '../oauth/oauth-error.ts';
import { isResourceIdentifier, isSameResource } from '../oauth/resource-server.ts';
import { parseScope, type Scope } from '../oauth/scope.ts';

/** A token request (RFC 6749 §4.4.2), parsed. */
export interface TokenRequest {
  readonly grant_type: GrantType;
  readonly scope: Scope | undefined;
  /** By `resource` (RFC 8707 §2), or by its other name, `audience` (RFC 8693 §2.1). */
  readonly resource: string | undefined;
}

/** The parameters of a token request, beside those that authenticate the client. */
export const tokenParameters = {
  single: ['grant_type', 'scope'],
  // RFC 8707 §2 and RFC 8693 §2.1.
  repeatable: ['resource', 'audience'],
} as const;

/**
 * Parses a token request.
 * @throws OAuthError `invalid_request`, `unsupported_grant_type`, `invalid_scope`, `invalid_target`.
 */
export const parseTokenRequest = (form: Form): TokenRequest => ({
  grant_type: parseGrantType(form.one('grant_type')),
  scope: optional(form.one('scope'), parseScope),
  resource: parseResource(form),
});

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
