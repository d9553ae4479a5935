/** Where the emulator answers; the command that starts it says so. */
export const endpoint = process.env.AWS_ENDPOINT_URL ?? '';

/**
 * Asks a service of the emulator for which there is no client in this project, and gives the body
 * of its answer. The emulator tells services apart by the scope of the credentials.
 * @throws Error when it refuses
 */
export async function emulator(
  service: string,
  path: string,
  request: Pick<RequestInit, 'method' | 'body'> & {
    readonly headers?: Record<string, string>;
  } = {},
): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request`;
  const headers = { ...request.headers, authorization };
  const response = await fetch(new URL(path, endpoint), { ...request, headers });
  const body = await response.text();
  if (!response.ok) throw new Error(`${service} ${path} answered ${response.status}: ${body}`);
  return body;
}
