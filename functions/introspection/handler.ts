import { type ClientEndpoint, clientEndpoint } from '../authentication/client-endpoint.ts';
import { tokenParameters } from '../authentication/token-parameter.ts';
import type { HttpFunction } from '../http/http-function.ts';
import type { CachedRecords } from '../oauth/cached-records.ts';
import type { Client } from '../oauth/client.ts';
import type { ResourceServer } from '../oauth/resource-server.ts';
import type { TokenChecks } from './active-token.ts';
import { decideIntrospection } from './introspection-decision.ts';
import { parseIntrospectionRequest } from './request.ts';
import { type Answering, answer, introspected } from './response.ts';

/** What the introspection endpoint works with. */
export interface IntrospectionEndpoint extends ClientEndpoint, TokenChecks, Answering {
  readonly records: {
    readonly clients: CachedRecords<Client>;
    readonly resourceServers: CachedRecords<ResourceServer>;
  };
}

/** Makes the handler of `POST /introspect` (RFC 7662 §2, RFC 9701). */
export function createHandler(endpoint: IntrospectionEndpoint): HttpFunction {
  return clientEndpoint(endpoint, {
    parameters: tokenParameters,
    parse: parseIntrospectionRequest,
    decide: (request, asking, view) =>
      decideIntrospection(request, asking, view(endpoint.records.clients), endpoint),
    complete: async (decided) => ({
      response: await answer(decided, endpoint),
      entry: introspected(decided),
    }),
  });
}
