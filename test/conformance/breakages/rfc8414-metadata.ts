import { answerAt, answerHeader } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { claims, key, metadata } from './document-breakage.ts';
import { setHeader } from './message-in-hand.ts';

const openid = /openid-configuration$/;
const withSlash = (issuer: string) => `${issuer}/`;

/** Breaks what RFC 8414 §3 asks for. */
export const metadataBreakages: BreakageTable = {
  'H01: the issuer is an https URL alone': {
    'adds a slash to its issuer': metadata({ issuer: withSlash }),
    'adds a slash to iss': claims({ iss: withSlash }),
    'has an issuer at http': metadata({ issuer: 'http://as.example.com' }),
    'has a query in its issuer': metadata({ issuer: (issuer: string) => `${issuer}?a=b` }),
  },
  'H02: the metadata is at its two well-known places': {
    'has no OpenID document': answerAt(openid, { status: 404 }),
    'has metadata for any issuer': answerAt(/\/other$/, { status: 200, body: '{}' }),
  },
  'H03: the metadata is answered with 200': {
    'answers with text': answerHeader('Content-Type', 'text/json'),
    'answers 201': answerAt(/oauth-authorization-server$/, { status: 201 }),
    'has an empty list': metadata({ scopes_supported: [] }),
    'has an empty text': metadata({ service_documentation: '' }),
  },
  'H07: the OpenID document says the same': {
    'has another token_endpoint in the OpenID document': answerAt(openid, (body) =>
      body.replace('/token"', '/other"'),
    ),
    'does not list its algorithm for ID tokens': metadata({
      id_token_signing_alg_values_supported: undefined,
    }),
    'has no authorization_endpoint': metadata({ authorization_endpoint: undefined }),
    'has no subject_types_supported': metadata({ subject_types_supported: undefined }),
    'has a key for another algorithm than it lists': key({ alg: 'PS256' }),
  },
  'H09: any page may read the metadata': {
    'lets no page read its metadata': {
      answer: (answer, { method }) => {
        if (method === 'GET') setHeader(answer, 'Access-Control-Allow-Origin');
      },
    },
    'has no max-age': answerHeader('Cache-Control', 'public'),
    'has no ETag': answerHeader('ETag'),
  },
  'H09: a page that sends headers of its own': {
    'does not know OPTIONS': {
      answer: (answer, { method }) => {
        if (method === 'OPTIONS') answer.status = 405;
      },
    },
    'allows no header but Authorization': answerHeader(
      'Access-Control-Allow-Headers',
      'authorization',
    ),
  },
};
