import { answerWhen, saidAs, tokenWhen } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { claims, fromParameter } from './document-breakage.ts';
import { formOf } from './message-in-hand.ts';
import { firstOf, form, overlooked, parameter } from './request-breakage.ts';

/** Breaks what RFC 8707 asks for. */
export const resourceIndicatorBreakages: BreakageTable = {
  'F01: a resource that is no absolute URI': {
    'strips fragments': parameter('resource', (uri) => uri.replace(/#.*/, '')),
    'strips queries': parameter('resource', (uri) => uri.replace(/\?.*/, '')),
    'trims resource': parameter('resource', (uri) => uri.trim()),
    'ignores resource': overlooked(['resource']),
    'has invalid_request for a wrong resource': saidAs('invalid_target', 'invalid_request'),
  },
  'F02: a token for several resources': {
    'takes the first of several resources': firstOf('resource'),
    'ignores audience beside resource': overlooked(['audience']),
    'takes a second resource for a repetition': saidAs('invalid_target', 'invalid_request'),
  },
  'F03: a resource that is unknown': {
    'ignores a resource that it does not know': form((parameters) => {
      if (parameters.get('resource')?.includes('unknown')) parameters.delete('resource');
    }),
    'gives a token for any known resource': tokenWhen(({ status }, request) => {
      return status === 400 && /:ledger$/.test(formOf(request).get('resource') ?? '');
    }),
    'has invalid_scope where there is scope': answerWhen(
      (_, request) => formOf(request).has('scope'),
      (answer) => {
        answer.body = answer.body.replace('invalid_target', 'invalid_scope');
      },
    ),
  },
  'F04: the granted scope': {
    'ignores scope beside resource': form((parameters) => {
      if (parameters.has('resource')) parameters.delete('scope');
    }),
    'has one scope for all resources': tokenWhen(({ status }) => status === 400),
    'has all scope of the client in its tokens': claims({
      scope: 'orders:read orders:write ledger:read',
    }),
    'has all resources of the client as aud': claims({
      aud: (aud: string) => [aud, 'https://other.example'],
    }),
  },
  'F05: resources that are the same': {
    'tells a host with a slash from one without': parameter('resource', (uri) =>
      uri.replace(/e\/$/, 'e/x'),
    ),
    'tells a default port from none': parameter('resource', (uri) => uri.replace(':443', ':444')),
    'has the resource of the request as aud': claims({ aud: fromParameter('resource') }),
    'folds the case of a resource': parameter('resource', (uri) => uri.toLowerCase()),
    'takes any port for none': parameter('resource', (uri) => uri.replace(':80', '')),
    'takes http for https': parameter('resource', (uri) => uri.replace(/^http:/, 'https:')),
    'strips a slash at the end of a resource': parameter('resource', (uri) =>
      uri.replace(/\/$/, ''),
    ),
    'compares the beginning of a resource': parameter('resource', (uri) =>
      uri.replace(/\/sub$/, ''),
    ),
  },
};
