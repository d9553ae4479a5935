import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { partition } from '@aws-sdk/core/client';
import { SignatureV4 } from '@smithy/signature-v4';
import { unavailable } from '../oauth/oauth-error.ts';
import { lambdaSettings } from './lambda-settings.ts';

/** Milliseconds: as long as the function has. It is not asked once more, since what it does is slow. */
const timeout = 10_000;

/**
 * Invokes a function of Lambda, and gives what it returns. One signed request, by the SDK's own signature: its client
 * of Lambda would make each bundle a quarter bigger, for what few deployments ever do.
 * @param client any client of the SDK, of which it takes the credentials and the Region
 * @throws RetryLater 503 when the function gives no answer
 */
export function lambdaInvocation(
  { config }: Pick<DynamoDBClient, 'config'>,
  functionArn: string,
): (event: object) => Promise<unknown> {
  const signer = new SignatureV4({ ...config, service: 'lambda' });
  return async (event) => {
    try {
      const url = new URL(
        `/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`,
        endpoint(),
      );
      const body = JSON.stringify(event);
      const { protocol, hostname, host, pathname: path } = url;
      const headers = { host, 'content-type': 'application/json' };
      const request = { method: 'POST', protocol, hostname, path, headers, body };
      const signed = await signer.sign(request);
      const signal = AbortSignal.timeout(timeout);
      const response = await fetch(url, { method: 'POST', headers: signed.headers, body, signal });
      const failed = response.headers.get('x-amz-function-error');
      const answer: unknown = await response.json();
      if (response.ok && failed === null) return answer;
      throw new Error(`Lambda answered with ${response.status}, ${failed ?? 'and did not invoke'}`);
    } catch (error) {
      throw unavailable(error);
    }
  };
}

/** Where Lambda is, by its rules for endpoints. */
function endpoint(): string {
  const settings = lambdaSettings('LAMBDA');
  const { region, useFipsEndpoint, useDualstackEndpoint } = settings;
  const { dnsSuffix, dualStackDnsSuffix } = partition(region);
  const service = useFipsEndpoint ? 'lambda-fips' : 'lambda';
  const suffix = useDualstackEndpoint ? dualStackDnsSuffix : dnsSuffix;
  return settings.endpoint ?? `https://${service}.${region}.${suffix}`;
}
