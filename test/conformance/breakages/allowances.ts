import { errorWhen, headerWhen } from './answer-breakage.ts';
import { isMalformed } from './api-breakage.ts';
import type { Breakage, RequestInHand } from './broken-deployment.ts';
import { credentialsOf, formOf, headerOf, isInvalidClient, setHeader } from './message-in-hand.ts';

const tokenEndpoint: readonly Breakage[] = [
  headerWhen(() => true, 'Cache-Control', 'private, No-Store, max-age=0'),
  headerWhen(({ status }) => status === 405, 'Allow', 'OPTIONS, POST'),
  errorWhen(isInvalidClient, 401, 'invalid_client'),
  headerWhen(({ status }) => status === 401, 'WWW-Authenticate', 'Basic realm="a", Digest nonce=b'),
  errorWhen((_, { method }) => method === 'PUT', 400, 'invalid_request'),
  // A client may be held to its way of authentication.
  errorWhen(
    ({ status }, request) => status === 200 && isSentOtherwise(request),
    401,
    'invalid_client',
  ),
  errorWhen(
    (answer, request) => isInvalidClient(answer) && isWithoutHalf(request),
    400,
    'invalid_request',
  ),
  {
    answer: (answer, { body }) => {
      if (body.length > 16_384) Object.assign(answer, { status: 413, body: '<html>' });
    },
  },
];

/** A deployment behind a REST API that does otherwise than ours what the standards leave open. */
export const allowances: Breakage = {
  answer: (answer, request) => {
    for (const one of tokenEndpoint) one.answer?.(answer, request);
  },
  apiRequest: (request) => {
    const isAuthorized = headerOf(request, 'authorization') !== '';
    if (isAuthorized) request.path = request.path.replace(/\?.*/, '');
  },
  apiAnswer: (answer, request) => {
    setHeader(answer, 'apigw-requestid');
    setHeader(answer, 'x-amz-apigw-id', 'any');
    if (isMalformed(request)) answer.status = 403;
    if (answer.status > 399) setHeader(answer, 'WWW-Authenticate', 'Bearer realm="a"');
  },
};

function isSentOtherwise(request: RequestInHand): boolean {
  const isInBody = Boolean(formOf(request).get('client_secret'));
  const client_id = formOf(request).get('client_id') || credentialsOf(request).split(':', 1)[0];
  return Boolean(client_id?.endsWith('-post')) !== isInBody;
}

/** Whether there are credentials that lack their colon, or what is before or behind it. */
function isWithoutHalf(request: RequestInHand): boolean {
  const isBasic = /^basic/i.test(headerOf(request, 'authorization'));
  const isNameless = formOf(request).has('client_secret') && !formOf(request).has('client_id');
  return isBasic ? !/^[^:]+:(?!%zz).+/.test(credentialsOf(request)) : isNameless;
}
