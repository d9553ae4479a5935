import { crashWhen, errorWhen, tokenWhen } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { credentialsOf, formOf, headerOf, setHeader } from './message-in-hand.ts';
import { credentials, form, overlooked, tokenRequest } from './request-breakage.ts';

const assertion = ['client_assertion', 'client_assertion_type'];

/** Breaks what RFC 6749 §2.3 asks for. */
export const clientAuthenticationBreakages: BreakageTable = {
  'A07: a client that does not authenticate': {
    'gives everybody a token': tokenWhen(({ status }) => status === 401),
    'takes a client_id alone': tokenWhen((_, request) => formOf(request).has('client_id')),
    'refuses everybody': errorWhen(() => true, 401, 'invalid_client'),
  },
  'A08: more than one way of client authentication': {
    'overlooks credentials in the body beside Basic': form((parameters, request) => {
      if (headerOf(request, 'authorization') === '') return;
      for (const name of ['client_secret', ...assertion]) parameters.delete(name);
    }),
    'overlooks assertions': overlooked(assertion),
    'has invalid_client for two ways at once': errorWhen(
      ({ status }, request) => status === 400 && formOf(request).has('client_secret'),
      401,
      'invalid_client',
    ),
  },
  'A08: a client_id in the body beside Basic credentials': {
    'overlooks client_id beside Basic': form((parameters, request) => {
      if (!formOf(request).has('client_secret')) parameters.delete('client_id');
    }),
    'minds the same client_id beside Basic': errorWhen(
      ({ status }, request) =>
        status === 200 &&
        formOf(request).has('client_id') &&
        headerOf(request, 'authorization') !== '',
      400,
      'invalid_request',
    ),
  },
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
    'has invalid_request for what is no base64': errorWhen(
      (_, request) => headerOf(request, 'authorization').includes('?'),
      400,
      'invalid_request',
    ),
    'crashes without a colon': crashWhen((request) => /^[^:]+$/.test(credentialsOf(request))),
  },
  'A10: a client that is registered for it': {
    'overlooks a secret in the body': overlooked(['client_secret']),
    'takes any secret in the body': tokenWhen((_, request) => formOf(request).has('client_secret')),
  },
};
