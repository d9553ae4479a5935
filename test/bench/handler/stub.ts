import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../../../local/io/http-server.ts';
import { answerParent } from '../fixtures/child.ts';
import type { Canned } from './canned.ts';

/**
 * What the stub is asked: to listen, with what it is to answer, and tell its port; or how many calls there
 * have been since it was last asked.
 */
export type StubQuestion = { readonly listen: Canned } | { readonly calls: true };

// A program of its own: an HTTP server on 127.0.0.1 that answers for DynamoDB and KMS, and counts. It has no
// guard, which would be in what is measured: all that it tells and keeps was made for this run.
let canned: Canned;
let calls = 0;

const server = createServer((request, response) => {
  calls += 1;
  answer(request).then(
    (body) => {
      response.setHeader('Content-Type', 'application/x-amz-json-1.0');
      response.end(JSON.stringify(body));
    },
    (error: Error) => response.destroy(error),
  );
});

async function answer(request: IncomingMessage): Promise<object> {
  const { KeyId, Key, SigningAlgorithm, CiphertextBlob } = JSON.parse(await text(request));
  if (SigningAlgorithm) return { KeyId, Signature: canned.signature, SigningAlgorithm };
  if (CiphertextBlob) return { KeyId, Plaintext: canned.privateKey };
  const [kind = '', id] = String(Key.pk.S).split('#');
  return {
    Item: { ...canned.items[kind], pk: Key.pk, ...(kind === 'client' && { client_id: { S: id } }) },
  };
}

answerParent(async (question: StubQuestion) => {
  if ('calls' in question) {
    const counted = calls;
    calls = 0;
    return counted;
  }
  canned = question.listen;
  return await listen(server);
});
