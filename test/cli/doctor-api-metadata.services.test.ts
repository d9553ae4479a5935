import { describe, expect, test } from 'vitest';
import { breakableDeployment, faultsOf, serving } from './doctor-deployment.ts';

/** `countersign doctor --api`: what an API tells its clients of itself. */

const deployment = await breakableDeployment();

const wellKnown = '/.well-known/oauth-protected-resource';

/** What an API answers, by path; `{api}` is its origin, `{host}` the host of that. */
interface Answers {
  readonly challenge?: string;
  readonly documents?: Readonly<Record<string, string>>;
}

async function examineApi({ challenge = 'Bearer realm="x"', documents = {} }: Answers) {
  const origin: string = await serving(({ url = '' }, response) => {
    const document = documents[url];
    const filled = (text: string) =>
      text.replaceAll('{api}', origin).replaceAll('{host}', new URL(origin).host);
    if (document !== undefined) response.writeHead(200).end(filled(document));
    else response.writeHead(401, { 'www-authenticate': filled(challenge) }).end();
  });
  const apis = [new URL(`${origin}/mcp?key=SECRET`)];
  const findings = await deployment.examine((answer) => answer, { apis });
  expect(JSON.stringify(findings)).not.toContain('SECRET');
  return {
    faults: faultsOf(findings),
    found: findings.find(({ check }) => check === 'api-metadata'),
  };
}

const metadata = (resource: string, issuer: unknown = deployment.issuer) =>
  JSON.stringify({ resource, authorization_servers: issuer && [issuer] });

describe('I17: the metadata of an API', () => {
  test.for<[string, Answers]>([
    ['for its path', { documents: { [`${wellKnown}/mcp`]: metadata('{api}/mcp') } }],
    ['for its host', { documents: { [wellKnown]: metadata('{api}') } }],
    [
      'where its challenge says',
      {
        challenge: 'Bearer resource_metadata="{api}/elsewhere"',
        documents: { '/elsewhere': metadata('{api}/') },
      },
    ],
  ])('%s are good', async ([, answers]) => {
    const { faults, found } = await examineApi(answers);
    expect(faults).toEqual([]);
    expect(found).toMatchObject({
      status: 'ok',
      section: 'RFC 9728 §3.3',
      what: expect.stringMatching(/are for it, and lead to the issuer\.$/),
    });
  });

  test.for<[string, Answers]>([
    ['are absent', {}],
    ['are a page', { documents: { [wellKnown]: '<!doctype html>' } }],
    ['are something else', { documents: { [wellKnown]: '{"name":"x"}' } }],
  ])('may be none: they %s', async ([, answers]) => {
    const { faults, found } = await examineApi(answers);
    expect(faults).toEqual([]);
    expect(found?.what).toMatch(/has no metadata of its own, and need not\.$/);
  });

  test.for<[string, Answers, RegExp]>([
    [
      'are of another host',
      { documents: { [wellKnown]: metadata('https://api.example.com') } },
      /are for "https:\/\/api\.example\.com", which that URL does not belong to/,
    ],
    [
      'are of another path',
      { documents: { [wellKnown]: metadata('{api}/mc') } },
      /are for "http:\/\/127\.0\.0\.1:\d+\/mc", which that URL does not belong to/,
    ],
    [
      'lead to another issuer',
      { documents: { [wellKnown]: metadata('{api}', 'https://as.example.com') } },
      /lead to \["https:\/\/as\.example\.com"\], not to http/,
    ],
    [
      'lead nowhere',
      { documents: { [wellKnown]: metadata('{api}', null) } },
      /lead to null, not to http/,
    ],
    [
      'are not where its challenge says',
      { challenge: 'Bearer resource_metadata="{api}/elsewhere"' },
      /says that its metadata are at "http:\/\/127\.0\.0\.1:\d+\/elsewhere", and they are not\.$/,
    ],
    [
      'are behind a password',
      {
        challenge: 'Bearer resource_metadata="http://a:b@{host}/elsewhere"',
        documents: { '/elsewhere': metadata('{api}') },
      },
      /says that its metadata are at "[^"]+", and they are not\.$/,
    ],
    [
      'are where nothing is',
      { challenge: 'Bearer resource_metadata="well-known"' },
      /says that its metadata are at "well-known", and they are not\.$/,
    ],
  ])('%s', async ([, answers, sentence]) => {
    const { faults } = await examineApi(answers);
    expect(faults).toEqual([
      expect.objectContaining({
        check: 'api-metadata',
        status: 'problem',
        what: expect.stringMatching(sentence),
        remedy: expect.stringMatching(/^[A-Z][^\n]+\.$/),
      }),
    ]);
  });

  test.for<[string, (origin: string) => string]>([
    ['at another port', (origin) => `${origin}/elsewhere`],
    ['at this computer by its name', (origin) => origin.replace('127.0.0.1', 'localhost')],
    ['at the port of this computer by HTTPS', (origin) => origin.replace('http:', 'https:')],
    ['with a user', (origin) => origin.replace('//', '//user@')],
    ['at another host', () => 'https://api.example.com/.well-known/oauth-protected-resource'],
    ['without TLS', () => 'http://api.example.com'],
  ])('that are %s are not asked for', async ([, placed]) => {
    const asked: (string | undefined)[] = [];
    const elsewhere = await serving(({ url }, response) => {
      asked.push(url);
      response.writeHead(200).end(metadata('{api}'));
    });
    const place = placed(elsewhere);
    const { faults } = await examineApi({ challenge: `Bearer resource_metadata="${place}"` });
    expect(asked).toEqual([]);
    expect(faults).toEqual([
      {
        check: 'api-metadata',
        section: 'RFC 9728 §3.3',
        status: 'problem',
        what: expect.stringMatching(
          /^http\S+ says that its metadata are at ".+", which is elsewhere, and was not asked\.$/,
        ),
        remedy: expect.stringMatching(/^[A-Z][^\n]+\.$/),
      },
    ]);
    expect(faults[0]?.what).toContain(place);
  });
});
