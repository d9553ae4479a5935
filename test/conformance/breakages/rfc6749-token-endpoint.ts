import { answerHeader, answerWhen, errorWhen, headerWhen } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { formOf, setHeader } from './message-in-hand.ts';
import { body, firstOf, form, tokenRequest } from './request-breakage.ts';

/** Breaks what RFC 6749 §3.2 asks for. */
export const tokenEndpointBreakages: BreakageTable = {
  'A01: the client uses POST': {
    'takes PUT for POST': tokenRequest((request) => {
      request.method = request.method.replace('PUT', 'POST');
    }),
    'takes GET with a query for POST': tokenRequest((request) => {
      if (request.method !== 'GET') return;
      const [path = '', query = ''] = request.path.split('?');
      Object.assign(request, { method: 'POST', path, body: Buffer.from(query) });
      setHeader(request, 'Content-Type', 'application/x-www-form-urlencoded');
    }),
    'drops Allow': answerHeader('Allow'),
    'has another method in Allow': headerWhen(({ status }) => status === 405, 'Allow', 'GET, PUT'),
    'has invalid_client for GET': errorWhen(
      (_, { method }) => method === 'GET',
      400,
      'invalid_client',
    ),
    'has nothing at its path for DELETE': errorWhen(
      (_, { method }) => method === 'DELETE',
      404,
      'not_found',
    ),
  },
  'A02: parameters belong in the form body': {
    'takes parameters from the query too': tokenRequest((request) => {
      const [path = '', query = ''] = request.path.split('?');
      if (query === '') return;
      Object.assign(request, { path, body: Buffer.from(`${request.body}&${query}`) });
    }),
    'overlooks the query': tokenRequest((request) => {
      request.path = '/token';
    }),
    'overlooks client_id in the query': tokenRequest((request) => {
      request.path = request.path.replace(/\?client_id=.*/, '');
    }),
  },
  'A02: names and values are decoded': {
    'does not decode a plus sign': body((text) => text.replaceAll('+', '%2B')),
    'does not decode values': body((text) => text.replaceAll('%6F', '%256F')),
    'does not decode names': body((text) => text.replaceAll('%67', '%2567')),
  },
  'A03: a parameter without a value': {
    'minds an empty scope': body((text) => text.replace('scope=&', 'scope=%20&')),
    'minds an empty client_secret': body((text) => text.replace('secret=&', 'secret=x&')),
    'takes an empty grant_type for the usual one': body((text) =>
      text.replace(/^grant_type=?$/, 'grant_type=client_credentials'),
    ),
  },
  'A04: a repeated parameter': {
    'takes the last of repeated parameters': form((parameters) => {
      for (const [name, value] of [...parameters]) parameters.set(name, value);
    }),
    'takes the first scope': firstOf('scope'),
    'looks for repetitions before it decodes': body((text) =>
      text.replace('&%73cope=orders%3Aread', ''),
    ),
  },
  'A05: parameters that the server does not know': {
    'refuses unknown parameters': errorWhen(
      (_, request) => formOf(request).has('conformance'),
      400,
      'invalid_request',
    ),
    'lets the client choose expires_in': answerWhen(
      (_, request) => formOf(request).has('expires_in'),
      (answer) => {
        answer.body = answer.body.replace(/"expires_in":\d+/, '"expires_in":999999999');
      },
    ),
  },
};
