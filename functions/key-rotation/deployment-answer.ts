import type { DeploymentRequest } from './deployment-request.ts';

/** How a deployment went: `Reason` says why it failed. */
export type DeploymentOutcome =
  | { readonly Status: 'SUCCESS' }
  | { readonly Status: 'FAILED'; readonly Reason: string };

const attempts = 3;

/**
 * Answers CloudFormation, which waits for it. The physical id is always that of the one key ring: at
 * another id CloudFormation would order the deletion of the old one.
 * @throws Error when the answer cannot be delivered
 */
export async function answerDeployment(
  { ResponseURL, StackId, RequestId, LogicalResourceId }: DeploymentRequest,
  outcome: DeploymentOutcome,
  { fetch, keyRingId }: { readonly fetch: typeof globalThis.fetch; readonly keyRingId: string },
): Promise<void> {
  const identity = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: keyRingId };
  const body = JSON.stringify({ ...identity, ...outcome });
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
