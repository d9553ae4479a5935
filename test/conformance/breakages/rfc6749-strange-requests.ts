import { crashWhen, errorWhen } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { headerOf, setHeader } from './message-in-hand.ts';
import { body, contentType, tokenRequest } from './request-breakage.ts';

const formType = 'application/x-www-form-urlencoded';

/** Breaks what RFC 6749 §4.4.2 asks for. */
export const strangeRequestBreakages: BreakageTable = {
  'A23: a body that is no form in UTF-8': {
    'overlooks Content-Type': contentType(() => formType),
    'takes JSON too': tokenRequest((request) => {
      if (!request.body.toString().startsWith('{"grant_type":"')) return;
      setHeader(request, 'Content-Type', formType);
      request.body = Buffer.from('grant_type=client_credentials');
    }),
    'crashes at JSON that breaks off': crashWhen(
      (request) => request.body.toString() === '{"grant_type":',
    ),
    'skips a byte order mark': body((text) => text.replace('\u{FEFF}', '')),
    'crashes at an empty body': crashWhen(
      ({ method, body }) => method === 'POST' && body.length === 0,
    ),
    'takes a huge body': body((text) => text.replace(/&filler=.*/, '')),
    'crashes at a huge body': crashWhen(({ body }) => body.length > 16_384),
    'has invalid_client for a huge body': errorWhen(
      (_, { body }) => body.length > 16_384,
      401,
      'invalid_client',
    ),
  },
  'A23: the media type of the form': {
    'compares the media type with case': contentType((type) => type.replace(/^A.*/, 'text/plain')),
    'knows no charset parameter': contentType((type) => type.replace(/.*;.*/, 'text/plain')),
    'goes by the charset parameter': contentType((type) => type.replace(/.*8859.*/, 'text/plain')),
  },
  'A23: two Authorization headers': {
    'takes the first of two Authorization headers': tokenRequest((request) => {
      const first = headerOf(request, 'authorization');
      if (first) setHeader(request, 'Authorization', first);
    }),
    'crashes at two Authorization headers': crashWhen(
      ({ headers }) => headers.filter(([name]) => /^authorization$/i.test(name)).length > 1,
    ),
  },
};
