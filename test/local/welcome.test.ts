import { expect, test } from 'vitest';
import type { LocalStack } from '../../local/local-stack.ts';
import { commands, welcome } from '../../local/welcome.ts';

const stack = {
  issuer: 'http://127.0.0.1:3000',
  api: 'http://127.0.0.1:3001',
  directory: '/tmp/state',
  logFile: '/tmp/state/local.log',
  demoClient: { client_id: 'demo', client_secret: 'gX1fBat3bV' },
  tls: {
    authority: '/tmp/state/tls/authority.pem',
    demoClient: '/tmp/state/tls/demo-client.pem',
    demoClientKey: '/tmp/state/tls/demo-client.key',
    truststore: '/tmp/state/tls/truststore.pem',
  },
} as LocalStack;

const printed = (settings: Readonly<Record<string, string>>) =>
  welcome(stack, commands(stack, false), { seconds: 2.5, settings });

test('npm start prints three commands', () => {
  expect(printed({ tokenReuse: '300' })).toMatch(
    /\nGet a token:\n {2}curl http.+\n\nCall .+:\n {2}curl .+\n\nList the clients:\n {2}npx .+\n\nCtrl-C/,
  );
});

test('L08: under fapi2 it prints none with a secret, which gets no token', () => {
  const text = printed({ profile: 'fapi2' });
  expect(text).toMatch(
    /\nThe demo client gets no token: .+docs\/fapi\.md.+\n\nList the clients:\n/s,
  );
  expect(text).not.toContain('gX1fBat3bV');
});
