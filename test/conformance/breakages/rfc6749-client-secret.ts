import { crashWhen, errorWhen, tokenWhen } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { credentialsOf, formOf, headerOf, setHeader } from './message-in-hand.ts';
import { credentials, overlooked, tokenRequest } from './request-breakage.ts';

/** Whether the body has the secret of the client that is registered for Basic. */
function isOfHeaderInBody(request: Parameters<typeof formOf>[0]): boolean {
  const form = formOf(request);
  return form.has('client_secret') && /-basic$/.test(String(form.get('client_id')));
}

/** Breaks what RFC 6749 §2.3.1 asks for. */
export const clientSecretBreakages: BreakageTable = {
  'A09: Basic is supported': {
    'knows no scheme in small letters': tokenRequest((request) => {
      const isSmall = headerOf(request, 'authorization').startsWith('basic');
      if (isSmall) setHeader(request, 'Authorization');
    }),
    'does not form-decode': credentials((text) => text.replace(/^%63(.*):%/, '%2563$1:%25')),
  },
  'A09: Basic credentials that are not right to the last character': {
    'drops what stands behind a second colon': credentials((text) => text.split(':', 2).join(':')),
    'decodes before it looks for the colon': credentials((text) => text.replace('%3A', ':')),
    'decodes twice': credentials((text) =>
      text.replaceAll(/%25([\da-f]{2})/g, (_, code) => String.fromCharCode(Number(`0x${code}`))),
    ),
    'crashes at a % that encodes nothing': crashWhen((request) =>
      credentialsOf(request).includes('%zz'),
    ),
    'has invalid_request for a wrong secret': errorWhen(
      ({ status }, request) => status === 401 && credentialsOf(request).endsWith(':junk'),
      400,
      'invalid_request',
    ),
    'has invalid_grant for what is no base64': errorWhen(
      (_, request) => headerOf(request, 'authorization').includes('?'),
      400,
      'invalid_grant',
    ),
    'crashes without a colon': crashWhen((request) => /^[^:]+$/.test(credentialsOf(request))),
  },
  'A10: a client that is registered for it': {
    'overlooks a secret in the body': overlooked(['client_secret']),
    'takes any secret in the body': tokenWhen((_, request) => {
      const form = formOf(request);
      return form.has('client_secret') && !/-basic$/.test(String(form.get('client_id')));
    }),
    'takes a secret without client_id': tokenWhen(
      (_, request) => formOf(request).has('client_secret') && !formOf(request).has('client_id'),
    ),
  },
  'A10: a secret on the other way': {
    'has invalid_grant for a secret in the body that is for the header': errorWhen(
      ({ status }, request) => status === 200 && isOfHeaderInBody(request),
      400,
      'invalid_grant',
    ),
    'crashes at a secret in the header that is for the body': crashWhen((request) =>
      /-post:/.test(credentialsOf(request)),
    ),
    'takes any secret in the body that is for the header': tokenWhen((_, request) =>
      isOfHeaderInBody(request),
    ),
    'takes any secret in the header that is for the body': tokenWhen((_, request) =>
      /-post:/.test(credentialsOf(request)),
    ),
  },
};
