import {
  answerHeader,
  answerWhen,
  crashWhen,
  describedWhen,
  headerWhen,
  saidAs,
  tokenWhen,
} from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import type { AnswerInHand, RequestInHand } from './broken-deployment.ts';
import { credentialsOf, formOf, headerOf, isInvalidClient, setHeader } from './message-in-hand.ts';

/** Breaks what RFC 6749 §5.2 asks for. */
export const errorResponseBreakages: BreakageTable = {
  'A19: errors are registered ones': {
    'repeats an unknown grant_type': describedWhen(
      ({ status }) => status === 400,
      (request) => `unknown: ${formOf(request).get('grant_type')?.slice(0, 6)}`,
    ),
    'repeats client_id in a header': headerWhen(
      (_, request) => formOf(request).has('client_id'),
      'X-Client',
      'q8ZtLx',
    ),
    'has an error of its own': saidAs('unsupported_grant_type', 'bad_grant'),
    'has quotation marks in error_description': describedWhen(
      ({ status }) => status === 400,
      () => 'unknown "x"',
    ),
    'answers 422': answerWhen(({ status }) => status === 400, withStatus(422)),
    'crashes at a hostile client_id': crashWhen((request) => formOf(request).has('client_id')),
  },
  'A20: invalid_client is 401': {
    'drops WWW-Authenticate': answerHeader('WWW-Authenticate'),
    'renames WWW-Authenticate, as REST APIs do': answerWhen(isUnauthorized, (answer) => {
      const challenge = headerOf(answer, 'www-authenticate');
      setHeader(answer, 'WWW-Authenticate');
      setHeader(answer, 'x-amzn-remapped-www-authenticate', challenge);
    }),
    'has a Bearer challenge': headerWhen(isUnauthorized, 'WWW-Authenticate', 'Bearer realm="x"'),
    'has a challenge without realm': headerWhen(
      isUnauthorized,
      'WWW-Authenticate',
      'Basic charset="UTF-8"',
    ),
    'has a challenge of another charset': headerWhen(
      isUnauthorized,
      'WWW-Authenticate',
      'Basic realm="x", charset="ISO-8859-1"',
    ),
    'answers invalid_client with 400': answerWhen(isUnauthorized, withStatus(400)),
  },
  'A20: invalid_client is 400': {
    'answers it with 403': answerWhen(isWithoutHeader, withStatus(403)),
    'answers it with 401 and no challenge': answerWhen(isWithoutHeader, withStatus(401)),
    'has a challenge beside 400': headerWhen(
      ({ status }) => status === 400,
      'WWW-Authenticate',
      'Basic realm="x"',
    ),
    'has a Bearer challenge beside 401': answerWhen(isWithoutHeader, (answer) => {
      answer.status = 401;
      setHeader(answer, 'WWW-Authenticate', 'Bearer realm="x"');
    }),
    'takes any secret in the body': tokenWhen((_, request) => formOf(request).has('client_secret')),
  },
  'A21: a disabled client, a revoked secret': {
    'says that a client is disabled': describedWhen(
      (_, request) => credentialsOf(request).includes('-disabled:'),
      () => 'the client is disabled',
    ),
    'answers a revoked secret with 403': answerWhen(
      (_, request) => credentialsOf(request).includes('-revoked:'),
      withStatus(403),
    ),
    'says that a secret has expired': describedWhen(
      (_, request) => credentialsOf(request).includes('-expired:'),
      () => 'the secret has expired',
    ),
    'takes a secret that has expired': tokenWhen((_, request) =>
      credentialsOf(request).includes('-expired:'),
    ),
    'gives a disabled client a token': tokenWhen((_, request) =>
      credentialsOf(request).includes('-disabled:'),
    ),
  },
};

function isUnauthorized({ status }: AnswerInHand): boolean {
  return status === 401;
}

function isWithoutHeader(answer: AnswerInHand, request: RequestInHand): boolean {
  return isInvalidClient(answer) && headerOf(request, 'authorization') === '';
}

function withStatus(status: number): (answer: AnswerInHand) => void {
  return (answer) => {
    answer.status = status;
  };
}
