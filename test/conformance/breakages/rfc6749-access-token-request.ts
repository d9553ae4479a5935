import { answerWhen, errorWhen, saidAs } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { response } from './document-breakage.ts';
import { formOf } from './message-in-hand.ts';
import { form, parameter } from './request-breakage.ts';

/** Breaks what RFC 6749 §4.4.2 and §3.3 ask for. */
export const accessTokenRequestBreakages: BreakageTable = {
  'A12: grant_type is required': {
    'does without grant_type': form((parameters) => {
      if (!parameters.has('grant_type')) parameters.set('grant_type', 'client_credentials');
    }),
    'compares grant_type without case': parameter('grant_type', (type) => type.toLowerCase()),
    'trims grant_type': parameter('grant_type', (type) => type.trim()),
    'has invalid_grant for an unknown grant': saidAs('unsupported_grant_type', 'invalid_grant'),
  },
  'A13: a scope outside of the grammar': {
    'splits scope at any white space': parameter('scope', (scope) =>
      scope.trim().split(/\s+/).join(' '),
    ),
    'drops strange characters from scope': parameter('scope', (scope) =>
      scope.replace(/[^ -~]/g, ''),
    ),
    'has invalid_request for a malformed scope': answerWhen(
      (_, request) => /\s\s|^\s|\s$/.test(formOf(request).get('scope') ?? ''),
      (answer) => {
        answer.body = answer.body.replace('invalid_scope', 'invalid_request');
      },
    ),
  },
  'A13: a scope that is unknown': {
    'compares scope without case': parameter('scope', (scope) => scope.toLowerCase()),
    'compares the beginning of a scope-token': parameter('scope', (scope) =>
      scope.replace(/orders:rea$/, 'orders:read'),
    ),
    'drops unknown scope-tokens': parameter('scope', (scope) => scope.replace('orders:delete', '')),
    'narrows the scope and does not say so': answerWhen(
      ({ status }, request) =>
        status === 400 && formOf(request).get('scope') === 'orders:read orders:write',
      (answer) => {
        answer.status = 200;
        answer.body = '{"access_token":"e30.e30.x","token_type":"Bearer"}';
      },
    ),
  },
  'A14: without scope the client gets': {
    'does not say which scope the default is': response({ scope: undefined }),
    'refuses a request without scope': errorWhen(
      (_, request) => !formOf(request).has('scope'),
      400,
      'invalid_scope',
    ),
    'says that every client has the same scope': response({ scope: 'orders:read orders:write' }),
  },
};
