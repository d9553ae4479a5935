import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChromium } from '../support/chromium.ts';
import { chromiumPath } from '../support/chromium-path.ts';
import { raw, startDocumentServer } from '../support/document-server.ts';
import { sharedStack } from '../support/shared-stack.ts';

/** A page in a real browser: Swagger UI gets a token and calls the demo API with it. */

const stack = await sharedStack();
const { client_id, client_secret } = stack.demoClient;
const tokenUrl = `${stack.issuer}/token`;

const openapi = {
  openapi: '3.0.3',
  info: { title: 'Demo', version: '1' },
  servers: [{ url: stack.api }],
  paths: {
    '/': {
      get: { security: [{ oauth: ['read'] }], responses: { 200: { description: 'let in' } } },
    },
  },
  components: {
    securitySchemes: {
      oauth: {
        type: 'oauth2',
        flows: { clientCredentials: { tokenUrl, scopes: { read: 'reads' } } },
      },
    },
  },
};

const html = `<!doctype html><meta charset="utf-8"><div id="ui"></div><script src="/ui.js"></script>
<script>SwaggerUIBundle({ dom_id: '#ui', spec: ${JSON.stringify(openapi)} })</script>`;
const script = readFileSync(
  fileURLToPath(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
  'utf8',
);

const server = await startDocumentServer();
afterAll(server.close);
const type = (name: string) => ({ 'content-type': `text/${name};charset=utf-8` });
server.replies.set('/', raw(200, type('html'), html));
server.replies.set('/ui.js', raw(200, type('javascript'), script));
server.replies.set('/empty', raw(200, type('html'), '<!doctype html>'));

const executable = chromiumPath();

describe.skipIf(executable === undefined)('a page in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium(String(executable));
    return () => browser.close();
  });

  async function pageAt(url: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(url);
    return page;
  }

  /** What its script can read of an answer of the token endpoint. */
  async function readBy(page: Page, headers: Readonly<Record<string, string>>, secret: string) {
    const form = { grant_type: 'client_credentials', client_id, client_secret: secret };
    const body = String(new URLSearchParams(form));
    const sent = { url: tokenUrl, body, headers };
    return page.evaluate(async ({ url, ...rest }) => {
      try {
        const response = await fetch(url, { method: 'POST', ...rest });
        return { status: response.status, body: await response.json() };
      } catch (error) {
        return String(error);
      }
    }, sent);
  }

  const asForm = { 'content-type': 'application/x-www-form-urlencoded' };

  test('Swagger UI gets a token by client credentials, and calls the demo API', async () => {
    const page = await pageAt(server.url);
    await page.locator('.btn.authorize').first().click();
    const dialog = page.locator('.modal-ux');
    await dialog.locator('#client_id_clientCredentials').fill(client_id);
    await dialog.locator('#client_secret_clientCredentials').fill(client_secret);
    await dialog.getByText('select all').click();
    await dialog.locator('button.authorize').click();
    await dialog.getByText('Logout').waitFor();
    await dialog.locator('button.btn-done').click();
    await page.locator('.opblock-summary-control').click();
    await page.locator('.try-out__btn').click();
    await page.locator('.btn.execute').click();
    const answer = page.locator('.live-responses-table');
    await answer.getByText('200', { exact: true }).waitFor();
    expect(await answer.innerText()).toContain('the authorizer let you in');
  });

  test('Swagger UI shows why there is no token', async () => {
    const page = await pageAt(server.url);
    await page.locator('.btn.authorize').first().click();
    const dialog = page.locator('.modal-ux');
    await dialog.locator('#client_id_clientCredentials').fill('nobody');
    await dialog.locator('#client_secret_clientCredentials').fill('wrong');
    await dialog.locator('button.authorize').click();
    expect(await dialog.locator('.errors').innerText()).toContain('invalid_client');
  });

  test('a script sends the secret in the body, as consoles for MCP do', async () => {
    const page = await pageAt(`${server.url}/empty`);
    expect(await readBy(page, asForm, client_secret)).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer' },
    });
    expect(await readBy(page, asForm, 'wrong')).toMatchObject({
      body: { error: 'invalid_client' },
    });
  });

  test('a script sends a DPoP proof, and reads what is wrong with it', async () => {
    const page = await pageAt(`${server.url}/empty`);
    const headers = { ...asForm, DPoP: 'no.proof.this' };
    expect(await readBy(page, headers, client_secret)).toMatchObject({
      status: 400,
      body: { error: 'invalid_dpop_proof' },
    });
  });

  test('a page of another name reads nothing', async () => {
    const { port } = new URL(server.url);
    const page = await pageAt(`http://console.example:${port}/empty`);
    expect(await readBy(page, asForm, client_secret)).toBe('TypeError: Failed to fetch');
  });

  test('a page that calls the demo API reads its refusals', async () => {
    const page = await pageAt(`${server.url}/empty`);
    const status = (token: string) =>
      page.evaluate(
        async ({ url, authorization }) => (await fetch(url, { headers: { authorization } })).status,
        { url: stack.api, authorization: `Bearer ${token}` },
      );
    expect(await status('nonsense')).toBe(401);
  });
});
