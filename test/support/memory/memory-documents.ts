import {
  type DocumentRequest,
  type DocumentServer,
  json,
  type Reply,
  raw,
} from '../document-server.ts';

/**
 * A document server in memory, which its own `fetch` asks. Its replies have to end at once: one that
 * hangs, stalls or redirects says something about the real fetch alone.
 */
export function memoryDocuments(): DocumentServer {
  const requests: string[] = [];
  const replies = new Map<string, Reply>();
  return {
    url: 'https://as.example.net',
    requests,
    replies,
    fetch: async (input, init) => {
      const { pathname } = new URL(String(input));
      requests.push(pathname);
      const ifNoneMatch = new Headers(init?.headers).get('if-none-match') ?? undefined;
      return answered(replies.get(pathname) ?? raw(404, {}, ''), { ifNoneMatch });
    },
    close: async () => undefined,
  };
}

/** The same of a platform whose keys are at `/keys`, which have still to be put there. */
export function memoryPlatform(): DocumentServer {
  const documents = memoryDocuments();
  const { url: issuer, replies } = documents;
  replies.set('/.well-known/openid-configuration', json({ issuer, jwks_uri: `${issuer}/keys` }));
  return documents;
}

function answered(reply: Reply, request: DocumentRequest): Response {
  const init = { status: 200, headers: {} };
  let body: string | undefined;
  const response = {
    writeHead(status: number, headers: Record<string, string> = {}) {
      Object.assign(init, { status, headers });
      return response;
    },
    write: () => {
      throw new Error('a document in memory is written at once');
    },
    end: (text = '') => {
      body = text;
    },
  };
  reply(response, request);
  if (body === undefined) throw new Error('a document in memory has to end at once');
  // Of a status without a body not even an empty one is taken.
  return new Response(body === '' ? null : body, init);
}
