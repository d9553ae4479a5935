import { expect, test } from 'vitest';
import { apiEnd, tokenEnd } from './both-ends.ts';
import type { Seen } from './seen.ts';
import { wrongProofs } from './wrong-proofs.ts';

const introduction = `# DPoP proofs that are wrong in one way

Each is really signed, and right but for what the second column says. Both ends require nonces. The token
endpoint is asked by a client that gets DPoP-bound tokens alone; the API has a guard (\`AccessTokenGuard\`). An
authorizer in front of an API refuses whatever the guard refuses, with 401; a REST API's tells the nonce.

\`npx vitest run test/dpop -u\` makes this file anew; \`npm test\` fails where it is not what the code does.

| rule | what is wrong | token endpoint | API | what the client is told |
|---|---|---|---|---|
`;

test('the report is what both ends do', async () => {
  const [token, api] = await Promise.all([tokenEnd(), apiEnd()]);
  const [askToken, askApi] = [token.asking(), api.asking()];
  const rows: string[] = [];
  for (const { rule, what, make } of wrongProofs) {
    const atToken = await askToken(await make(await token.right()));
    const atApi = await askApi(await make(await api.right()));
    const told = atToken.description ?? atApi.description ?? '';
    rows.push(`| ${[rule, what, outcome(atToken), outcome(atApi), told].join(' | ')} |\n`);
  }
  await expect(introduction + rows.join('')).toMatchFileSnapshot('../../docs/dpop-proofs.md');
});

const outcome = ({ status, error }: Seen): string =>
  error === undefined ? `${status}, taken` : `${status} \`${error}\``;
