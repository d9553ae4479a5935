import type { Case } from './doctor-breakages.ts';
import { headers, metadata } from './doctor-broken-answers.ts';
import type { Breakage } from './doctor-deployment.ts';

const list = '/revocation-list';
const throughMetadata = /metadata of the discovery function through/;
const noCache = /Take the cache away that is in front of it/;

const answered =
  (
    path: string,
    change: (answer: Parameters<Breakage>[0]) => Partial<Parameters<Breakage>[0]>,
  ): Breakage =>
  (answer, asked) =>
    asked === path ? { ...answer, ...change(answer) } : answer;

/** What can be wrong with revocation. */
export const revocationBreakages: readonly Case[] = [
  [
    'K01: no introspection_endpoint',
    metadata({ introspection_endpoint: undefined }),
    ['revocation', 'problem', /^The metadata have no introspection_endpoint\.$/, throughMetadata],
  ],
  [
    'J01: no methods of the revocation_endpoint',
    metadata({ revocation_endpoint_auth_methods_supported: undefined }),
    ['revocation', 'problem', /no revocation_endpoint_auth_methods_supported/, throughMetadata],
  ],
  [
    'I19: a revocation_list_uri on plain HTTP',
    metadata({ revocation_list_uri: 'http://192.0.2.1/list' }),
    ['revocation', 'problem', /revocation_list_uri "http:.+, which is no fit https URL/, /https/],
  ],
  [
    'J01: nothing of revocation, as before there was any',
    metadata({
      revocation_endpoint: undefined,
      introspection_endpoint: undefined,
      revocation_list_uri: undefined,
    }),
  ],
  [
    'I19: a revocation list that may be kept for minutes',
    headers(list, { 'cache-control': 'public, max-age=300' }),
    ['revocation-list', 'problem', /has Cache-Control: public, max-age=300, so/, /`max-age=1`/],
  ],
  [
    'I19: a revocation list without Cache-Control',
    headers(list, { 'cache-control': undefined }),
    ['revocation-list', 'problem', /has no Cache-Control, so that it may be kept/, /`max-age=1`/],
  ],
  [
    'I19: a revocation list that a cache has had for minutes',
    headers(list, { age: '200' }),
    ['revocation-list', 'problem', /^A cache has had the revocation list for 200 s/, noCache],
  ],
  [
    'I19: a revocation list without ETag',
    headers(list, { etag: undefined }),
    ['revocation-list', 'warning', /has no ETag/, /Let its ETag through/],
  ],
  [
    'I19: a revocation list that is always sent anew',
    answered(list, ({ statusCode }) => (statusCode === 304 ? { statusCode: 200 } : {})),
    ['revocation-list', 'warning', /answered 200 where it has not changed/, /`If-None-Match`/],
  ],
  [
    'I19: a revocation list that nobody has signed',
    answered(list, ({ body }) => ({ body: body.replace(/\.[^.]+$/, '.c2lnbmF0dXJl') })),
    ['revocation-list', 'problem', /does not verify by the JWK Set/, /as the jwks_uri/],
  ],
  [
    'I19: a revocation list that cannot be made',
    answered(list, () => ({ statusCode: 503, body: '{}' })),
    ['revocation-list', 'problem', /^The revocation list is answered 503/, /permission to read/],
  ],
  [
    'J03: revocations that cannot be written',
    answered('/revoke', () => ({ statusCode: 503, body: '{}' })),
    ['revoked-token', 'problem', /answers 503 to a client that revokes its own/, /permission to w/],
  ],
];
