import { challenge, isMalformed, isWithoutToken, letInToken, refusedWith } from './api-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import type { AnswerInHand, Breakage, RequestInHand } from './broken-deployment.ts';
import { setHeader } from './message-in-hand.ts';

/** Breaks what RFC 6750 §3.1 asks for. */
export const errorCodeBreakages: BreakageTable = {
  'I09: a request without a token gets 401': {
    'answers 403 without a token': refusedWith(403, (_, request) => isWithoutToken(request)),
    'names an error where there was no token': challenge(
      'Bearer error="invalid_token"',
      (_, request) => isWithoutToken(request),
    ),
  },
  'I09: a token that is not valid gets 401': {
    'answers 403 to a token that is not valid': refusedWith(403, isInvalid),
    'has invalid_request for a token that is not valid': challenge(
      'Bearer error="invalid_request"',
      isInvalid,
    ),
    'lets in by a token for another resource server': letInToken(({ claims }) =>
      String(claims.aud).includes('orders'),
    ),
  },
  'I09: a token without the scope gets 403': {
    'answers 401 where scope is missing': refusedWith(401, ({ status }) => status === 403),
    'has invalid_token where scope is missing': challenge(
      'Bearer error="invalid_token"',
      ({ status }) => status === 403,
    ),
  },
  'I09: a malformed request gets 400': {
    'answers 403 to a malformed request': refusedWithoutGateway(403, isMalformed),
    'lets in by two tokens': refusedWith(200, (_, request) => isMalformed(request)),
    'crashes at a malformed request': refusedWith(500, (_, request) => isMalformed(request)),
  },
};

function isInvalid({ status }: AnswerInHand, request: RequestInHand): boolean {
  return status === 401 && !isWithoutToken(request) && !isMalformed(request);
}

/** Refuses with another status where API Gateway has no part in it. */
function refusedWithoutGateway(
  status: number,
  condition: (request: RequestInHand) => boolean,
): Breakage {
  return {
    apiAnswer: (answer, request) => {
      if (!condition(request)) return;
      answer.status = status;
      setHeader(answer, 'apigw-requestid');
    },
  };
}
