import type { Finding } from '../../cli/doctor/findings/finding.ts';
import {
  ecKey,
  everyKey,
  foreignToken,
  headers,
  json,
  jwksPath,
  keys,
  metadata,
  metadataPath,
  rsaKey,
} from './doctor-broken-answers.ts';
import type { Breakage } from './doctor-deployment.ts';
import { revocationBreakages } from './doctor-revocation-breakages.ts';

/** A title, what breaks the deployment, and each fault that is to be found. */
export type Case = readonly [string, Breakage, ...(readonly Expected[])];

/** The check, its status, words of the sentence that says what is wrong, and of the remedy. */
type Expected = readonly [check: string, Finding['status'], what: RegExp, remedy: RegExp];

const ahead = (seconds: number) => new Date((1_700_000_000 + seconds) * 1000).toUTCString();
const origin = 'https://countersign-doctor.example';
const deep = `{"issuer":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
const issuerRemedy = /one spelling everywhere/;

const published = /Look at what changes the JWK Set on the way/;
const another = /same deployment as the token endpoint/;

const listUnverified = [
  'revocation-list',
  'problem',
  /does not verify by the JWK Set/,
  /same deployment as the jwks_uri/,
] as const;

/** What API Gateway answers in place of a function. */
const throttled = <Answer extends object>(answer: Answer) => ({
  ...answer,
  statusCode: 429,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Too Many Requests"}',
});

export const breakages: readonly Case[] = [
  ...revocationBreakages,
  [
    'H01: another issuer in the metadata',
    metadata({ issuer: 'https://other.example' }),
    ['issuer', 'problem', /name the issuer "https:\/\/other\.example", not "http/, issuerRemedy],
  ],
  [
    'H01: no issuer in the metadata',
    metadata({ issuer: undefined }),
    ['issuer', 'problem', /name no issuer, not "http/, issuerRemedy],
  ],
  [
    'H01: a slash behind the issuer in the OpenID document alone',
    json('/.well-known/openid-configuration', (document: { readonly issuer: string }) => ({
      ...document,
      issuer: `${document.issuer}/`,
    })),
    ['issuer', 'problem', /openid-configuration name the issuer "[^"]+\/", not/, issuerRemedy],
  ],
  [
    'H06: a jwks_uri on plain HTTP',
    metadata({ jwks_uri: 'http://192.0.2.1/keys' }),
    ['issuer', 'problem', /jwks_uri "http:\/\/192.+", which is no https URL/, /give https URLs/],
  ],
  [
    'no token_endpoint',
    metadata({ token_endpoint: undefined }),
    ['issuer', 'problem', /as token_endpoint nothing, which is no https URL/, /give https URLs/],
  ],
  [
    'G01: no list of keys',
    keys(() => ({})),
    ['jwk-set', 'problem', /has no list of keys/, /Look at what answers at the jwks_uri/],
    ['token', 'problem', /does not verify by the JWK Set/, another],
    listUnverified,
  ],
  [
    'G02: a private member',
    everyKey({ d: 'AQAB' }),
    ['jwk-set', 'problem', /has private members \(d\)/, /out of use now/],
    ['token', 'problem', /does not verify by the JWK Set/, another],
    listUnverified,
  ],
  [
    'G02: a key without alg and use',
    everyKey({ alg: undefined, use: undefined }),
    ['jwk-set', 'problem', /has no alg, use\.$/, /kty, kid, alg and use/],
  ],
  [
    'G02: a key that encrypts',
    keys((all) => [...all, { ...rsaKey(256), use: 'enc' }]),
    ['jwk-set', 'problem', /has the use "enc", not "sig"/, /keys that sign/],
    ['jwk-set', 'problem', /a kid that is not its thumbprint/, published],
  ],
  [
    'G06: a kid that is no thumbprint',
    everyKey({ kid: 'first' }),
    ['jwk-set', 'problem', /^The key "first" has a kid that is not its thumb/, published],
    ['token', 'problem', /does not verify by the JWK Set/, another],
    listUnverified,
  ],
  [
    'E11: a short RSA key',
    keys((all) => [...all, rsaKey(128)]),
    ['jwk-set', 'problem', /a kid that is not its thumbprint/, published],
    ['jwk-set', 'problem', /has 1024 bits, fewer than 2048/, /2048 bits or more/],
  ],
  [
    'G02: the same kid twice',
    keys((all) => [...all, ...all]),
    ['jwk-set', 'problem', /Two keys .+ have the same kid/, /its own thumbprint/],
    ['token', 'problem', /does not verify by the JWK Set/, another],
    listUnverified,
  ],
  [
    'G05: more keys than consumers read',
    keys((all) => Array.from({ length: 11 }, () => all[0])),
    ['jwk-set', 'problem', /has 11 keys/, /the next key, the current one and the one before/],
    ['jwk-set', 'problem', /the same kid/, /its own thumbprint/],
    ['token', 'problem', /does not verify by the JWK Set/, another],
    listUnverified,
  ],
  [
    'G07: keys of two families',
    keys((all) => [...all, ecKey]),
    ['jwk-set', 'problem', /keys of more than one kty/, /an issuer of its own/],
  ],
  [
    'G04: a JWK Set without Cache-Control',
    headers(jwksPath, { 'cache-control': undefined }),
    ['jwk-set-cache', 'problem', /has no Cache-Control, so/, /max-age=300/],
  ],
  [
    'G04: a JWK Set that must not be kept',
    headers(jwksPath, { 'cache-control': 'no-store, max-age=300' }),
    ['jwk-set-cache', 'problem', /has Cache-Control: no-store, max-age=300, so/, /max-age=300/],
  ],
  [
    'G04: a JWK Set for a week',
    headers(jwksPath, { 'cache-control': 'public, max-age=604800' }),
    ['jwk-set-cache', 'problem', /kept for 604800 s, longer than 7200 s/, /Shorten its max-age/],
  ],
  [
    'G04: a JWK Set without ETag',
    headers(jwksPath, { etag: undefined }),
    ['jwk-set-cache', 'warning', /has no ETag/, /so that an unchanged set is not sent again/],
  ],
  [
    'A20: a challenge under another name',
    headers('/token', {
      'www-authenticate': undefined,
      'x-amzn-remapped-www-authenticate': 'Basic realm="x"',
    }),
    ['challenge', 'problem', /under the name x-amzn-remapped-www-authenticate/, /use an HTTP API/],
  ],
  [
    'A20: no challenge',
    headers('/token', { 'www-authenticate': undefined }),
    ['challenge', 'problem', /401 without WWW-Authenticate, and no Basic/, /the proxy in front/],
  ],
  [
    'A20: a challenge of another scheme',
    headers('/token', { 'www-authenticate': 'Bearer realm="x"' }),
    ['challenge', 'problem', /with "Bearer realm=.+ as WWW-Authenticate/, /the proxy in front/],
  ],
  [
    'a token endpoint that throttles everybody',
    (answer, path) =>
      path === '/token' ? { ...answer, statusCode: 429, body: '{"error":"slow_down"}' } : answer,
    ['token', 'problem', /429 and no token to a registered client \(slow_down\)/, /client show/],
    ['challenge', 'problem', /answers 429 to a client that nobody knows/, /what answers there/],
  ],
  [
    'a throttle before the token endpoint',
    (answer, path) => (path === '/token' ? throttled(answer) : answer),
    ['token', 'problem', /^POST http\S+\/token answers 429, as it gets more/, /tokenThrottle/],
    ['challenge', 'problem', /^POST http\S+\/token answers 429, as it gets more/, /Look again/],
  ],
  [
    'a throttle before the JWK Set',
    (answer, path) => (path === jwksPath ? throttled(answer) : answer),
    ['jwk-set', 'problem', /^GET http\S+\/jwks.json answers 429, as it gets/, /raise `throttle`/],
  ],
  [
    'A17: a token that caches may keep',
    headers('/token', { 'cache-control': 'private' }),
    ['token-cache', 'problem', /answers a refusal with Cache-Control: private/, /no-store/],
    ['token-cache', 'problem', /answers a token with Cache-Control: private/, /no-store/],
  ],
  [
    'E02: a token that is no JWT',
    json('/token', (body: object) => ({ ...body, access_token: 'opaque' })),
    ['token', 'problem', /^The access token is no JWT/, /what answers at the token endpoint/],
  ],
  [
    'E03: a token of somebody else',
    json('/token', (body: object) => ({ ...body, access_token: foreignToken })),
    ['token', 'problem', /has no exp, aud, sub, client_id, iat, jti/, /at the token endpoint/],
    ['token', 'problem', /the iss "https:\/\/joe", not "http/, /set one issuer/],
    ['token', 'problem', /does not verify by the JWK Set/, another],
  ],
  [
    'a token endpoint that answers HTML',
    (answer, path) =>
      path === '/token' ? { ...answer, statusCode: 403, body: '<html>No</html>' } : answer,
    [
      'token',
      'problem',
      /^The token request failed: it answers 403 with HTML/,
      /not to a web site/,
    ],
    ['challenge', 'problem', /answers 403 to a client that nobody knows/, /what answers there/],
  ],
  [
    'open CORS on the token endpoint',
    headers('/token', { 'access-control-allow-origin': '*' }),
    [
      'cors',
      'problem',
      /token endpoint lets pages of other origins .+\(\*\)/,
      /Name those .+`corsOrigins`/,
    ],
  ],
  [
    'H09: metadata closed to pages',
    headers(metadataPath, { 'access-control-allow-origin': undefined }),
    ['cors', 'warning', /^The metadata cannot be read by a page/, /Let the `Access-Control-Allow/],
  ],
  [
    'G04: a JWK Set closed to pages',
    headers(jwksPath, { 'access-control-allow-origin': 'https://a.example' }),
    ['cors', 'warning', /^The JWK Set cannot be read by a page/, /Let the `Access-Control-Allow/],
  ],
  [
    'CORS that lets every page in with credentials',
    headers(['/token', metadataPath, jwksPath], {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
    }),
    ['cors', 'problem', /token endpoint lets .+example, with credentials\)/, /Take CORS off it/],
    ['cors', 'warning', /^The metadata can be read by any page, with credentials/, /Let the `Acc/],
    ['cors', 'warning', /^The JWK Set can be read by any page, with credentials/, /Let the `Acc/],
  ],
  [
    'H09: metadata open to the page that asks',
    headers(metadataPath, { 'access-control-allow-origin': origin }),
  ],
  [
    'H06: a password in the token_endpoint',
    metadata({ token_endpoint: 'http://user:PW@a.example/token' }),
    [
      'issuer',
      'problem',
      /token_endpoint http:\/\/a\.example\/token with a user or a password/,
      /change that password/,
    ],
  ],
  [
    'an issuer of great depth',
    (answer, path) => (path === metadataPath ? { ...answer, body: deep } : answer),
    ['issuer', 'problem', /name the issuer a list that is too deep to show, not/, issuerRemedy],
  ],
  [
    'an issuer of great length',
    metadata({ issuer: `https://${'a'.repeat(300_000)}.example` }),
    ['issuer', 'problem', /name the issuer "https:\/\/a{192}…", not "http[^ ]+\.$/, issuerRemedy],
  ],
  [
    'G05: keys without end',
    keys(() => Array.from({ length: 20_000 }, () => ({ kid: {} }))),
    ['jwk-set', 'problem', /has 20000 keys/, /the next key, the current one and the one before/],
    ['jwk-set', 'problem', /^The key \{\} has no kty, kid, alg, use\.$/, /kty, kid, alg and use/],
    ['token', 'problem', /does not verify by the JWK Set/, another],
    listUnverified,
  ],
  [
    'a clock an hour ahead',
    headers('/token', { date: ahead(3600) }),
    ['clock', 'problem', /^By the Date .+ 3600 s ahead of this computer/, /by NTP/],
  ],
  [
    'a clock half a minute behind',
    headers('/token', { date: ahead(-30) }),
    ['clock', 'warning', /^By the Date .+ 30 s behind this computer/, /by NTP/],
  ],
];
