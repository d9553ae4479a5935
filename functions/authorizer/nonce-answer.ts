import { UseDpopNonce } from '../oauth/oauth-error.ts';
import { challenge } from './challenge.ts';
import { stageArnOf } from './request.ts';
import type { PolicyAnswer } from './response.ts';

/**
 * How a REST API is told which nonce the client's next proof needs (RFC 9449 §9): it hands the context
 * of a denial to its gateway response, and that of an exception to nobody. An HTTP API does neither.
 * @returns undefined for every other error, and for an event that cannot be answered so
 */
export function nonceAnswer(
  error: unknown,
  event: unknown,
  dpopAlgorithms: readonly string[],
): PolicyAnswer | undefined {
  if (!(error instanceof UseDpopNonce)) return undefined;
  const stageArn = stageArnOf(event);
  if (stageArn === undefined) return undefined;
  const { code, message, nonce } = error;
  const algs = dpopAlgorithms.join(' ');
  return {
    principalId: 'nobody',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Deny', Resource: [`${stageArn}/*`] }],
    },
    context: {
      wwwAuthenticate: challenge('DPoP', { error: code, error_description: message, algs }),
      dpopNonce: nonce,
    },
  };
}
