import { expect, test } from 'vitest';
import { lastCause, reason } from '../../functions/oauth/audit.ts';
import { invalidClient, unavailable } from '../../functions/oauth/oauth-error.ts';

const refused = [new Error('connect ECONNREFUSED ::1:9'), new Error('connect ECONNREFUSED')];

test.for([
  ['a refusal', invalidClient('unknown client_id'), 'unknown client_id'],
  ['a failure', unavailable(new TypeError('a')), 'TypeError: a'],
  ['a cause of a cause', unavailable(new Error('a', { cause: new Error('b') })), 'Error: b'],
  [
    'a host with two addresses',
    unavailable(new AggregateError(refused)),
    'Error: connect ECONNREFUSED ::1:9',
  ],
  ['errors that are none', new AggregateError([], 'none'), 'AggregateError: none'],
  ['what is no error', 'busy', 'busy'],
] as const)('the log says what is behind %s', ([, error, text]) => {
  expect(reason(error)).toBe(text);
});

test('what is behind it is itself at hand', () => {
  expect(lastCause(unavailable(new AggregateError(refused)))).toBe(refused[0]);
});
