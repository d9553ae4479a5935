import { hash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import OAuth2Server from '@node-oauth/oauth2-server';
import { importJWK, SignJWT } from 'jose';
import { withBody } from './with-body.ts';
import type { TokenWork } from './work.ts';

const sha256 = (text: string) => hash('sha256', text, 'buffer');

/** @node-oauth/oauth2-server with a model in memory, whose access tokens jose signs. */
export async function oauth2Server(work: TokenWork): Promise<RequestListener> {
  const { accessTokenLifetime } = work;
  const server = new OAuth2Server({ model: await model(work), accessTokenLifetime });
  return withBody(async (request, body) => {
    const response = new OAuth2Server.Response({});
    const asked = new OAuth2Server.Request(requestOf(request, body));
    // A refusal is thrown, and is in `response`, too.
    await server.token(asked, response).catch(() => undefined);
    return {
      statusCode: response.status ?? 200,
      headers: { 'Content-Type': 'application/json;charset=UTF-8', ...response.headers },
      body: JSON.stringify(response.body),
    };
  });
}

const requestOf = ({ method = '', headers }: IncomingMessage, body: Buffer) => ({
  method,
  // Only Set-Cookie, which no request has, is a list.
  headers: headers as Record<string, string>,
  query: {},
  body: Object.fromEntries(new URLSearchParams(body.toString())),
});

async function model(work: TokenWork): Promise<OAuth2Server.ClientCredentialsModel> {
  const { client_id, client_secret, scope } = work;
  const client = { id: client_id, grants: ['client_credentials'] };
  const expected = sha256(client_secret);
  return {
    async getClient(id, secret) {
      // RFC 6749 Appendix B, which the package leaves to its model.
      const decoded = decodeURIComponent(secret);
      return id === client_id && timingSafeEqual(sha256(decoded), expected) ? client : undefined;
    },
    getUserFromClient: async () => ({}),
    validateScope: async (_user, _client, asked) => asked?.every((one) => one === scope) && asked,
    generateAccessToken: await accessTokens(work),
    saveToken: async (token, client, user) => ({ ...token, client, user }),
    getAccessToken: async () => undefined,
  };
}

async function accessTokens(work: TokenWork) {
  const { issuer, resource, client_id, alg, kid, accessTokenLifetime } = work;
  const key = await importJWK(work.jwk, alg);
  return async (_client: object, _user: object, scope: readonly string[]): Promise<string> => {
    const iat = Math.floor(Date.now() / 1000);
    return await new SignJWT({ client_id, scope: scope.join(' ') })
      .setProtectedHeader({ typ: 'at+jwt', alg, kid })
      .setIssuer(issuer)
      .setSubject(client_id)
      .setAudience(resource)
      .setIssuedAt(iat)
      .setNotBefore(iat)
      .setExpirationTime(iat + accessTokenLifetime)
      .setJti(randomUUID())
      .sign(key);
  };
}
