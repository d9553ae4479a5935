import type { BreakageTable } from './breakage-table.ts';
import type { Breakage } from './broken-deployment.ts';
import { setHeader } from './message-in-hand.ts';

type Json = Readonly<Record<string, unknown>>;

/** Breaks what RFC 9728 asks for. */
export const protectedResourceBreakages: BreakageTable = {
  'I17: the metadata of the API stand where its identifier says': {
    'has the metadata of another API': published({ resource: 'https://other.example' }),
    'has another authorization server in the metadata of its API': published({
      authorization_servers: ['https://other.example'],
    }),
    'has an empty list in the metadata of its API': published({ scopes_supported: [] }),
    'has the metadata of its API as text': published({}, 'text/plain'),
    'takes tokens in the query': published({ bearer_methods_supported: ['header', 'query'] }),
  },
};

/** Such metadata are there, right but for these members. */
function published(members: Json, type = 'application/json'): Breakage {
  return {
    apiAnswer: (answer, request) => {
      if (!request.path.startsWith('/.well-known/oauth-protected-resource')) return;
      const resource = request.origin;
      Object.assign(answer, { status: 200, body: JSON.stringify({ resource, ...members }) });
      setHeader(answer, 'Content-Type', type);
    },
  };
}
