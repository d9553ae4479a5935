import type { RequestListener } from 'node:http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientItem, resourceServerItem } from '../../functions/aws/registry-items.ts';
import type { Client } from '../../functions/oauth/client.ts';
import { aClient, aResourceServer } from '../support/a-client.ts';
import { inProcess, type Outcome } from './command.ts';
import { serving } from './doctor-deployment.ts';
import { functionError, type LambdaAnswer, lambdaError } from './lambda-service.ts';
import { localDeployment } from './local-deployment.ts';

/** Text of a hostile registry, issuer or function neither steers the terminal nor forges a line. */

const { lambda, registry } = await localDeployment();
const client_id = 'billing';
const kid = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';

let said = '';
const jwt = (claims: object): string =>
  [{ alg: 'RS256', kid: said }, claims, 'x']
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
const body = (url: string | undefined, issuer: string): object => {
  if (url === '/refuses/token') return { error: said, error_description: said };
  if (url === '/token') {
    const access_token = jwt({ iss: said, exp: said, [said]: said });
    return { access_token, token_type: said, scope: said, expires_in: said, [said]: said };
  }
  const lies = url?.endsWith('/lies') ? { issuer: said, jwks_uri: said, [said]: said } : {};
  const path = url?.endsWith('/refuses') ? '/refuses/token' : '/token';
  return { issuer, token_endpoint: new URL(path, issuer).href, ...lies };
};
const answer: RequestListener = ({ url, headers }, response) => {
  const path = url?.replace('/.well-known/oauth-authorization-server', '') ?? '';
  const issuer = `http://${headers.host}${path}`.replace(/\/token$/, '');
  if (path.endsWith('/away')) {
    const location = said.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '');
    return void response.writeHead(302, { location }).end();
  }
  response.writeHead(path.endsWith('/refuses/token') ? 400 : 200, {
    'content-type': 'application/json',
  });
  response.end(JSON.stringify(body(path || url, issuer)));
};
const issuer = await serving(answer);

/** Puts clients and a resource server into the registry that our own rules would never let in. */
async function poison(text: string): Promise<void> {
  const hostile: readonly Partial<Client>[] = [
    { token_endpoint_auth_method: 'client_secret_basic', client_id, client_name: text },
    { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ kty: 'RSA', kid: text }] } },
    { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: text },
    { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: text },
    {
      token_endpoint_auth_method: 'spiffe_jwt',
      spiffe_id: text,
      spiffe_bundle_endpoint: text,
    },
    {
      token_endpoint_auth_method: 'federated',
      trust: [
        {
          issuer: text,
          subject: text,
          subject_glob: undefined,
          audience: text,
          claims: { [text || 'x']: text, nested: { a: [text] } },
          single_use: true,
          max_lifetime: 60,
          jwks: { keys: [{ kty: 'RSA', kid: text }] },
          jwks_uri: text,
        },
      ],
    },
  ];
  for (const [index, special] of hostile.entries()) {
    const grants = new Map([[text, new Set(['read'])]]);
    const client = aClient({ client_id: `c${index}`, client_name: text, grants, ...special });
    await put(clientItem(client));
  }
  const { pk, ...rest } = resourceServerItem(aResourceServer({ resource: text }));
  await put({ ...rest, pk: 'resource#urn:x' });
}

async function put(item: { readonly [name: string]: unknown }): Promise<void> {
  const key = { pk: String(item.pk) };
  await registry.store.delete(key);
  await registry.store.create({ ...item, ...key });
}

const local = (...parameters: string[]) => [...parameters, '--local'];
const asking = (path: string) => ['--client-id', client_id, '--issuer', issuer + path];
const secret = { input: 'x' };

/** Each shows the text, or what holds it. */
const places: Readonly<Record<string, (text: string) => Promise<readonly Outcome[]>>> = {
  'the registry': async (text) => {
    await poison(text);
    const shown = [client_id, 'c1', 'c2', 'c3', 'c4'].map((id) => local('client', 'show', id));
    const readings = [...shown, local('client', 'list'), local('resource', 'list')];
    return both(readings);
  },
  'a JWT beside a trust rule': async (text) => {
    await poison(text);
    const input = jwt({ iss: text, sub: [text], aud: text, exp: text, [text]: text });
    return both([local('client', 'trust', 'test', 'c5', '--jwt', '-')], { input });
  },
  'an issuer that refuses': () => both([['token', ...asking('/refuses')]], secret),
  'an issuer that issues': () => both([['token', ...asking('')]], secret),
  'an issuer that lies': () => both([['token', ...asking('/lies')]], secret),
  'doctor: an issuer that lies': () => both([['doctor', ...asking('/lies')]], secret),
  'doctor: an issuer that sends away': () => both([['doctor', ...asking('/away')]], secret),
  'doctor: an issuer that issues': () => both([['doctor', ...asking('')]], secret),
  'a function that fails': (text) => keyList(functionError(text, text)),
  'a function that refuses': (text) => keyList(reply({ outcome: 'refused', reason: text })),
  'a function that answers': (text) => {
    const key = { kid, key_id: text, state: 'active', published_at: 0, revoked: false };
    const next_change = { to: text, at: 1 };
    return keyList(reply({ outcome: 'done', keys: [{ ...key, alg: text, next_change }] }));
  },
  'an error of AWS': (text) => keyList(lambdaError(400, 'AccessDeniedException', text)),
  'wrong usage': (text) =>
    both([
      local('client', 'show', `x${text}`),
      ['client', `--nope${text}`],
      [`client${text}`],
      ['token', '--client-id', 'x', '--private-key', `/nowhere/${text}`, '--issuer', issuer],
    ]),
};

const reply = (payload: object) => ({ status: 200, body: JSON.stringify(payload) });

async function keyList(trouble: LambdaAnswer): Promise<readonly Outcome[]> {
  lambda.answerWith(trouble);
  const outcomes = await both([local('key', 'list')]);
  lambda.answerWith(undefined);
  return outcomes;
}

/** Runs commands as people and as programs do. */
async function both(commands: readonly (readonly string[])[], options = {}): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const command of commands.flatMap((words) => [words, [...words, '--json']])) {
    outcomes.push(await inProcess(command, { ...options, now: () => 1_700_000_000 }));
  }
  return outcomes;
}

/** What steers, turns round, hides or parts; a line break is ours. */
const unseen = /[^\P{C}\n]|[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

const nasty: Readonly<Record<string, string>> = {
  'colours (ANSI)': '\u001b[31mred\u001b[0m',
  'a link (OSC 8)': '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007',
  'a C1 control': '\u009b2J',
  'a forged line': 'x\nerror: all is well',
  'a carriage return': 'evil\rgood',
  'a line separator': 'x\u2028y\u2029z',
  'a tab, a bell and a delete': '\t\u0007\u007f',
  'text turned round': '\u202egnp.exe \u2066x\u2069',
  'zero width': 'pay\u200bpal\u200d\u2060\ufeff',
  'half a character': '\ud800 and \udc00',
  'an invisible tag': '\u{e0041}',
  'a filler that is a letter': '\u3164',
  'private use': '\ue000 \u{10fffd}',
};

describe.for(Object.keys(places))('%s', (place) => {
  const run = async (text: string) => {
    said = text;
    return (await places[place]?.(text)) ?? [];
  };

  test('shows what cannot be seen, and has no line more for it', async () => {
    const harmless = await run('x');
    const check = async (text: string) => {
      for (const [index, outcome] of (await run(text)).entries()) {
        expect(outcome.stdout + outcome.stderr).not.toMatch(unseen);
        if (isJson(outcome)) expect(JSON.parse(outcome.stdout)).toBeTypeOf('object');
        else expect(lineCount(outcome)).toBe(lineCount(harmless[index]));
      }
    };
    const texts = Object.values(nasty);
    await check(texts.join(''));
    const unit = fc.oneof(fc.constantFrom(...texts.join('')), fc.string());
    const anyText = fc.string({ unit, minLength: 1, maxLength: 12 }).filter((text) => text !== '');
    await fc.assert(fc.asyncProperty(anyText, check), { numRuns: 10 });
  });
});

test('no command that others have written is told as one to paste', async () => {
  const theirs = '`countersign client delete x; id` and `npx cdk destroy`';
  // Who types a command knows it.
  const { 'wrong usage': _, ...others } = places;
  for (const run of Object.values(others)) {
    said = theirs;
    for (const { stderr } of await run(theirs)) {
      expect(stderr).not.toMatch(/^error: .*`(npx )?(countersign client delete x|cdk destroy)/m);
    }
  }
});

const isJson = ({ stdout }: Outcome): boolean => /^[[{]/.test(stdout);
const lineCount = (outcome: Outcome | undefined): number =>
  `${outcome?.stdout}${outcome?.stderr}`.split('\n').length;

test('JSON has the same value, in characters that can be seen', async () => {
  for (const text of Object.values(nasty)) {
    said = text;
    const { stdout } = await inProcess(['token', ...asking(''), '--json'], secret);
    expect(JSON.parse(stdout)).toMatchObject({ token_type: text, claims: { iss: text } });
  }
  said = '\u{e0041}\u009b';
  const { stdout } = await inProcess(['token', ...asking(''), '--json'], secret);
  expect(stdout).toContain('"token_type": "\\udb40\\udc41\\u009b"');
});

test('a question shows what cannot be seen', async () => {
  await poison('pay\u202e\n\u001b[31m');
  const asked = await inProcess(local('client', 'delete', client_id), {
    input: 'n\n',
    isTTY: true,
  });
  expect(asked.stderr).toContain('(pay\\u202e\\u000a\\u001b[31m)');
  for (const hidden of ['\u202e', '\u001b[31m']) expect(asked.stderr).not.toContain(hidden);
});

test('a list of what is revoked shows what cannot be seen, each on one line', async () => {
  const texts = Object.values(nasty);
  for (const id of [...texts, texts.join('')]) {
    const times = { revoked_at: 1_700_000_000, expires_at: 9_000_000_000 };
    await registry.revocations.note({ kind: 'token', id, ...times });
  }
  const [people, program] = await both([local('revocation', 'list')]);
  expect(`${people?.stdout}${program?.stdout}`).not.toMatch(unseen);
  expect(people?.stdout.trimEnd().split('\n')).toHaveLength(texts.length + 2);
  const { revocations } = JSON.parse(program?.stdout ?? '');
  const ids = revocations.map(({ id }: { readonly id: string }) => id);
  expect(ids.map((id: string) => id.toWellFormed()).toSorted()).toEqual(
    [...texts, texts.join('')].map((id) => id.toWellFormed()).toSorted(),
  );
});

test.for(['client', 'resource'])(
  '%s revoke-tokens takes no name that was never one',
  async (kind) => {
    for (const text of Object.values(nasty)) {
      const command = local(kind, 'revoke-tokens', `urn:x${text}`, '--yes');
      const { exitCode, stdout, stderr } = await inProcess(command);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).not.toMatch(unseen);
    }
  },
);
