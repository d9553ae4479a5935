import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { basic, httpApiEvent } from '../support/http-api-event.ts';
import {
  aSecret,
  client_id,
  client_secret,
  postingClient,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
);
const anyName = fc.oneof(
  fc.constantFrom('grant_type', 'client_id', 'client_secret', 'scope', 'resource', '__proto__'),
  anyText,
);
const anyForm = fc
  .array(fc.tuple(anyName, fc.oneof(fc.constantFrom('client_credentials', client_id), anyText)))
  .map((pairs) => pairs.map((pair) => pair.map(encodeLoosely).join('=')).join('&'));
const anyBody = fc.oneof(anyText, anyForm, fc.base64String());
const anyHeaders = fc.dictionary(
  fc.oneof(
    fc.constantFrom('authorization', 'Authorization', 'content-type', 'CONTENT-TYPE'),
    anyText,
  ),
  fc.oneof(
    anyText,
    fc.constantFrom('application/x-www-form-urlencoded', 'Basic Og==', 'Basic'),
    fc.tuple(anyText, anyText).map(([id, secret]) => basic(id, secret)),
  ),
);
// Each request from an address of its own, so that no lockout hides the answer.
const anySource = fc.ipV6();

function encodeLoosely(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : text;
}

describe('no request whatsoever makes a 500 or a token that it should not', () => {
  test('A23: any body, headers and query', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyBody,
        anyHeaders,
        fc.oneof(fc.constant(''), anyText),
        fc.boolean(),
        anySource,
        async (body, headers, query, isBase64Encoded, sourceIp) => {
          const event = httpApiEvent({ body, headers, query, isBase64Encoded, sourceIp });
          const { statusCode } = await endpoint.handler(event);
          expect([400, 401]).toContain(statusCode);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('A23: any event', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.anything(),
        fc.anything(),
        fc.anything(),
        async (event, headers, body) => {
          const shaped = {
            headers,
            body,
            requestContext: { http: { method: 'POST', sourceIp: '192.0.2.1' } },
          };
          expect((await endpoint.handler(event)).statusCode).toBe(405);
          expect((await endpoint.handler(shaped)).statusCode).toBe(400);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('A09: any secret but the right one is refused, in either place', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anySource, async (text, sourceIp) => {
        fc.pre(text !== client_secret);
        const headers = { authorization: basic(client_id, text) };
        const inBody = `client_id=${postingClient}&client_secret=${encodeLoosely(text)}`;
        const answers = [
          await endpoint.post('grant_type=client_credentials', { headers, sourceIp }),
          await endpoint.post(`grant_type=client_credentials&${inBody}`, { sourceIp }),
        ];
        expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 400]);
      }),
      { numRuns: 100 },
    );
  });

  test('A09: any client_id and secret survive Basic, form-encoded as Appendix B says', async () => {
    const printable = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        printable,
        fc.string({ unit: 'grapheme', minLength: 1 }),
        async (id, secret) => {
          await endpoint.register({ client_id: id, secrets: [aSecret(secret)] });
          const [user, password] = [id, secret].map((text) =>
            new URLSearchParams({ '': text }).toString().slice(1),
          );
          const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
          const { statusCode } = await endpoint.post('grant_type=client_credentials', {
            headers: { authorization },
          });
          expect(statusCode).toBe(200);
        },
      ),
      { numRuns: 50 },
    );
  });
});
