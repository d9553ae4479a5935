import { errorWhen, tokenWhen } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { formOf, headerOf, isInvalidClient } from './message-in-hand.ts';
import { form, overlooked } from './request-breakage.ts';

const assertion = ['client_assertion', 'client_assertion_type'];

/** Breaks what RFC 6749 §2.3 asks for. */
export const clientAuthenticationBreakages: BreakageTable = {
  'A07: a client that does not authenticate': {
    'gives everybody a token': tokenWhen(isInvalidClient),
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
};
