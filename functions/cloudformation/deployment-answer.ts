import type { DeploymentRequest } from './deployment-request.ts';

/** How a deployment went: `Reason` says why it failed. */
export type DeploymentOutcome =
  | { readonly Status: 'SUCCESS' }
  | { readonly Status: 'FAILED'; readonly Reason: string };

/** The same of a resource that CloudFormation is to know by this id: at another one it orders the deletion of the old one. */
export type DeploymentAnswer = DeploymentOutcome & { readonly PhysicalResourceId: string };

const attempts = 3;

/** The body of an answer may have 4,096 bytes. */
const longestReason = 2000;

/**
 * Answers CloudFormation, which waits for it.
 * @throws Error when the answer cannot be delivered
 */
export async function answerDeployment(
  {
    ResponseURL,
    StackId,
    RequestId,
    LogicalResourceId,
  }: Pick<
    DeploymentRequest<unknown>,
    'ResponseURL' | 'StackId' | 'RequestId' | 'LogicalResourceId'
  >,
  answer: DeploymentAnswer,
  fetch: typeof globalThis.fetch,
): Promise<void> {
  const identity = { StackId, RequestId, LogicalResourceId };
  const body = JSON.stringify({ ...identity, ...shortened(answer) });
  const failures: unknown[] = [];
  while (failures.length < attempts) {
    try {
      // The signature of the URL allows no content type.
      const init = { method: 'PUT', body, headers: { 'content-type': '' } };
      const { ok, status } = await fetch(ResponseURL, {
        ...init,
        signal: AbortSignal.timeout(5000),
      });
      if (ok) return;
      failures.push(`status ${status}`);
    } catch (error) {
      failures.push(error);
    }
  }
  throw new Error('the answer to CloudFormation could not be delivered', {
    cause: failures.at(-1),
  });
}

const shortened = (answer: DeploymentAnswer): DeploymentAnswer =>
  'Reason' in answer ? { ...answer, Reason: answer.Reason.slice(0, longestReason) } : answer;
