import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Canned } from './canned.ts';
import { answerMessages } from './child.ts';

/** What the stub is told: what to answer from now on, or to tell how many calls there have been since. */
export type StubMessage = { readonly listen: Canned } | 'calls';

// A program of its own: an HTTP server on 127.0.0.1 that answers for DynamoDB and KMS, and counts.
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

answerMessages(async (received) => {
  // benchSdkCalls sends nothing else.
  const message = received as StubMessage;
  if (message === 'calls') {
    const counted = calls;
    calls = 0;
    return counted;
  }
  canned = message.listen;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : Number.NaN;
});
