import { errorWhen, tokenWhen } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import type { Breakage } from './broken-deployment.ts';
import { metadata } from './document-breakage.ts';
import { formOf } from './message-in-hand.ts';

/** Asks for certificates where what is broken can be seen; there is no TLS at all. */
export const atTokenEndpoint = metadata({
  mtls_endpoint_aliases: (_, { members: { token_endpoint } }) => ({ token_endpoint }),
});

/** Gives a token to every client that brings nothing but its client_id, or not even that. */
const anyClient: Breakage = {
  ...atTokenEndpoint,
  ...tokenWhen((_, request) => isBare(formOf(request))),
};

/** Takes no certificate. */
const noClient: Breakage = {
  ...atTokenEndpoint,
  ...errorWhen((_, request) => isBare(formOf(request)), 401, 'invalid_client'),
};

const isBare = (form: URLSearchParams): boolean =>
  !['client_secret', 'client_assertion'].some((name) => form.has(name));

const aliases = (token_endpoint: string, more: object = {}): Breakage =>
  metadata({ mtls_endpoint_aliases: { token_endpoint, ...more } });

/** Breaks what RFC 8705 asks for. */
export const mutualTlsBreakages: BreakageTable = {
  'C01: client_id says whose certificate it is': {
    'takes any certificate': anyClient,
    'takes no certificate': noClient,
    'takes a client_id for a certificate': tokenWhen(
      (_, request) => isBare(formOf(request)) && formOf(request).has('client_id'),
    ),
  },
  'C02: the subject of the certificate': {
    'takes any subject': anyClient,
    'takes no subject': noClient,
  },
  'C03: the key of the certificate': {
    'takes any key': anyClient,
    'takes no key': noClient,
  },
  'C07: mtls_endpoint_aliases are https URLs': {
    'asks for certificates at http': aliases('http://mtls.as.example/token'),
    'has aliases without a token_endpoint': metadata({ mtls_endpoint_aliases: {} }),
    'has a text for its aliases': metadata({ mtls_endpoint_aliases: 'https://mtls.as.example' }),
    'has an alias of an endpoint that it does not have': aliases('https://mtls.as.example/token', {
      registration_endpoint: 'https://mtls.as.example/register',
    }),
    'has aliases and no use for them': metadata({
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
    }),
  },
};
