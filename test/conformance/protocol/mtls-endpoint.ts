import type { JsonObject } from '../../../cli/io/json-answer.ts';
import type { Deployment } from '../conformance-case.ts';

/** The token endpoint at which certificates are asked for (RFC 8705 §5), as the metadata says. */
export function mtlsTokenEndpoint(deployment: Deployment, metadata: JsonObject): URL {
  const { mtls_endpoint_aliases: aliases } = metadata;
  const url = isRecord(aliases) ? URL.parse(String(aliases.token_endpoint)) : undefined;
  return url ?? deployment.endpoint('token_endpoint');
}

/** Whether a value is a JSON object. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
