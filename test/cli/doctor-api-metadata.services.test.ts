import { describe, expect, test } from 'vitest';
import { breakableDeployment, faultsOf, serving } from './doctor-deployment.ts';

/** `countersign doctor --api`: what an API tells its clients of itself. */

const deployment = await breakableDeployment();

const wellKnown = '/.well-known/oauth-protected-resource';

/** What an API answers, by path; `{api}` is its origin. */
interface Answers {
  readonly challenge?: string;
  readonly documents?: Readonly<Record<string, string>>;
}

async function examineApi({ challenge = 'Bearer realm="x"', documents = {} }: Answers) {
  const origin: string = await serving(({ url = '' }, response) => {
    const document = documents[url];
    const filled = (text: string) => text.replaceAll('{api}', origin);
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
      'are where nobody should look',
      { challenge: 'Bearer resource_metadata="http://api.example.com"' },
      /says that its metadata are at "http:\/\/api\.example\.com", and they are not\.$/,
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
});
