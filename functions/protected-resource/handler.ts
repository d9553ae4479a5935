import { documentResponse, methodNotAllowed, preflight } from '../http/document-response.ts';
import { membersOf, textOf } from '../http/event-members.ts';
import { parseHttpRequest } from '../http/request.ts';
import type { HttpResponse } from '../http/response.ts';

/** Seconds that the metadata may be served from a cache. */
const maxAge = 300;

/** Makes the handler of one document that everybody may read (RFC 9728 §3.2), whatever its path. */
export function createHandler(metadata: object): (event: unknown) => Promise<HttpResponse> {
  return async (event) => {
    const { headers, ...http } = parseHttpRequest(event);
    // A REST API has the method elsewhere.
    const method = http.method || (textOf(membersOf(event).httpMethod) ?? '');
    if (method === 'OPTIONS') return preflight();
    if (method !== 'GET' && method !== 'HEAD') return methodNotAllowed();
    return documentResponse({ method, headers }, metadata, maxAge);
  };
}
