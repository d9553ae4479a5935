import { describedWhen, errorWhen, tokenWhen } from './answer-breakage.ts';
import { hasAssertion, takesAssertion } from './assertion-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { metadata } from './document-breakage.ts';
import { formOf, isInvalidClient } from './message-in-hand.ts';
import { firstOf, form, parameter } from './request-breakage.ts';

const right = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const refusing = errorWhen((_, request) => hasAssertion(request), 401, 'invalid_client');

// By the clock of whoever runs this: what is broken is off by minutes.
const now = () => Date.now() / 1000;

/** Breaks what RFC 7521 and RFC 7523 ask for. */
export const clientAssertionBreakages: BreakageTable = {
  'B01: a client assertion is exactly one JWT': {
    'overlooks client_assertion_type': parameter('client_assertion_type', () => right),
    'minds no case of letters in client_assertion_type': parameter(
      'client_assertion_type',
      (type) => type.toLowerCase(),
    ),
    'takes the first of two assertions': firstOf('client_assertion'),
    'takes the first of two JWTs': parameter('client_assertion', (text) => text.replace(/ .*/, '')),
    'refuses every assertion': refusing,
    'takes assertions, which it does not announce': {
      ...metadata({ token_endpoint_auth_methods_supported: ['client_secret_basic'] }),
      ...takesAssertion(() => true),
    },
  },
  'B02: a client_id beside an assertion': {
    'overlooks client_id beside an assertion': form((parameters) => {
      if (parameters.has('client_assertion')) parameters.delete('client_id');
    }),
    'needs a client_id beside an assertion': errorWhen(
      (_, request) => hasAssertion(request) && !formOf(request).has('client_id'),
      400,
      'invalid_request',
    ),
  },
  'B03: iss and sub of an assertion': {
    'needs no iss': takesAssertion(({ claims }) => claims.iss === undefined),
    'needs no sub': takesAssertion(({ claims }) => claims.sub === undefined),
    'takes an assertion of another': takesAssertion(({ claims }) => claims.iss !== claims.sub),
  },
  'B04: aud of an assertion': {
    'needs no aud': takesAssertion(({ claims }) => claims.aud === undefined),
    'takes an assertion for another': takesAssertion(({ claims }) =>
      String(claims.aud).includes('as.example'),
    ),
    'compares the beginning of aud': takesAssertion(({ claims }) =>
      String(claims.aud).startsWith('http'),
    ),
    'minds no case of letters in aud': takesAssertion(({ claims }) =>
      String(claims.aud).startsWith('HTTP'),
    ),
    'refuses aud as a list': errorWhen(
      ({ status }, request) => status === 200 && hasListedAudience(formOf(request)),
      401,
      'invalid_client',
    ),
  },
  'B05: an assertion has to expire': {
    'needs no exp': takesAssertion(({ claims }) => claims.exp === undefined),
    'takes an assertion that has expired': takesAssertion(
      ({ claims }) => Number(claims.exp) < now() - 60,
    ),
    'takes an assertion that lives for a day': takesAssertion(
      ({ claims }) => Number(claims.exp) > now() + 3600,
    ),
  },
  'B06: an assertion is not accepted before its nbf': {
    'overlooks nbf': takesAssertion(({ claims }) => Number(claims.nbf) > now() + 60),
    'minds any nbf': errorWhen(
      ({ status }, request) => status === 200 && hasClaim(formOf(request), 'nbf'),
      401,
      'invalid_client',
    ),
  },
  'B07: an assertion was made a short while ago': {
    'takes an assertion of the future': takesAssertion(
      ({ claims }) => Number(claims.iat) > now() + 60,
    ),
    'takes an assertion of yesterday': takesAssertion(
      ({ claims }) => Number(claims.iat) < now() - 3600,
    ),
  },
  'B08: an assertion is accepted once': {
    'lets every assertion through again': tokenWhen(
      (answer, request) => isInvalidClient(answer) && hasAssertion(request),
    ),
    'needs no jti': takesAssertion(({ claims }) => claims.jti === undefined),
    'accepts no assertion': refusing,
  },
  'B09: an assertion is verified with the registered key': {
    'verifies nothing': takesAssertion(() => true),
    'takes an assertion without a signature': takesAssertion(({ signature }) => signature === ''),
    'takes alg none': takesAssertion(({ header }) => header.alg === 'none'),
    'takes a public key for a secret': takesAssertion(({ header }) => header.alg === 'HS256'),
    'believes the key in a header': takesAssertion(({ header }) => header.jwk !== undefined),
    'fetches the key that a header names': takesAssertion(({ header }) => header.jku !== undefined),
    'overlooks crit': takesAssertion(({ header }) => header.crit !== undefined),
    'accepts no assertion': refusing,
  },
  'B10: the claims of an assertion are of their types': {
    'reads numbers in texts': takesAssertion(({ claims }) => typeof claims.exp === 'string'),
    'reads aud as it likes': takesAssertion(({ claims }) => String(claims.aud).startsWith('[')),
    'reads a list as sub': takesAssertion(({ claims }) => Array.isArray(claims.sub)),
  },
  'B11: whatever is wrong with an assertion': {
    'has invalid_grant for a wrong assertion': errorWhen(
      (answer, request) => isInvalidClient(answer) && hasAssertion(request),
      400,
      'invalid_grant',
    ),
    'tells what is wrong with an assertion': describedWhen(
      (answer, request) => isInvalidClient(answer) && hasAssertion(request),
      ({ body }) => `${body.length} octets`,
    ),
  },
  'B12: a JWT that says that it is for something else': {
    'takes an access token for an assertion': takesAssertion(({ header }) =>
      /at\+jwt/.test(String(header.typ)),
    ),
    'takes a DPoP proof for an assertion': takesAssertion(
      ({ header }) => header.typ === 'dpop+jwt',
    ),
    'knows no typ': errorWhen(
      ({ status }, request) => status === 200 && hasMember(formOf(request), 0, 'typ'),
      401,
      'invalid_client',
    ),
  },
};

const hasClaim = (parameters: URLSearchParams, name: string) => hasMember(parameters, 1, name);

/** Whether a part of the assertion has a member of this name. */
function hasMember(parameters: URLSearchParams, part: number, name: string): boolean {
  const text = parameters.get('client_assertion')?.split('.')[part] ?? '';
  return Buffer.from(text, 'base64url').toString().includes(`"${name}":`);
}

function hasListedAudience(parameters: URLSearchParams): boolean {
  const text = parameters.get('client_assertion')?.split('.')[1] ?? '';
  return Buffer.from(text, 'base64url').toString().includes('"aud":[');
}
