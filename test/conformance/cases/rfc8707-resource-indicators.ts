import { type ConformanceCase, checkSame, type Deployment } from '../conformance-case.ts';
import { checkScope } from '../protocol/granted-scope.ts';
import { partsOf } from '../protocol/obtained-token.ts';
import {
  basic,
  checkIssued,
  checkRefused,
  type Form,
  requestToken,
} from '../protocol/token-request.ts';
import type { ClientName } from '../throw-away.ts';

/** RFC 8707: the client says for which resource server a token is to be. */
export const resourceIndicatorCases: readonly ConformanceCase[] = [
  {
    rule: 'F01',
    section: 'RFC 8707 §2, RFC 3986 §4.3',
    title: 'a resource that is no absolute URI, or has a fragment, is refused with invalid_target',
    uses: ['basic'],
    async run(deployment) {
      const orders = deployment.resource('orders');
      const { hostname } = new URL(orders);
      const wrong = [hostname, `//${hostname}`, '/', `${orders}#`, `${orders}#part`, ` ${orders}`];
      for (const resource of [...wrong, 'https:', `${orders}?q=1`]) {
        const answer = await ask(deployment, 'basic', [['resource', resource]]);
        checkRefused(`the resource "${resource}"`, answer, [400, 'invalid_target']);
      }
      const answer = await ask(deployment, 'basic', [['resource', orders]]);
      checkAudience(deployment, checkIssued(answer).access_token, [orders]);
    },
  },
  {
    rule: 'F02',
    section: 'RFC 8707 §2, §2.2, §3',
    title: 'a token for several resources is for all of them, or refused with invalid_target',
    uses: ['several'],
    async run(deployment) {
      const both = [deployment.resource('orders'), deployment.resource('ledger')] as const;
      for (const resource of both) {
        const answer = await ask(deployment, 'several', [['resource', resource]]);
        checkAudience(deployment, checkIssued(answer).access_token, [resource]);
      }
      // RFC 8693 §2.1 has audience beside resource, for the same purpose.
      for (const second of ['resource', 'audience']) {
        const [orders, ledger] = both;
        const form: Form = [
          ['resource', orders],
          [second, ledger],
          ['scope', 'orders:read'],
        ];
        const answer = await ask(deployment, 'several', form);
        if (answer.status === 200) {
          checkAudience(deployment, checkIssued(answer).access_token, both);
        } else {
          checkRefused('a request for two resources', answer, [400, 'invalid_target']);
        }
      }
    },
  },
  {
    rule: 'F03',
    section: 'RFC 8707 §2',
    title: 'a resource that is unknown, or not for this client, is refused with invalid_target',
    uses: ['basic', 'bookkeeper'],
    async run(deployment) {
      const [orders, ledger] = [deployment.resource('orders'), deployment.resource('ledger')];
      const attempts = [
        ['basic', 'https://unknown.example'],
        ['basic', ledger],
        ['bookkeeper', orders],
      ] as const;
      for (const [client, resource] of attempts) {
        for (const scope of [[], [['scope', 'orders:read']]] as const) {
          const answer = await ask(deployment, client, [['resource', resource], ...scope]);
          checkRefused(`${client} asking for ${resource}`, answer, [400, 'invalid_target']);
        }
      }
      const answer = await ask(deployment, 'bookkeeper', [['resource', ledger]]);
      checkAudience(deployment, checkIssued(answer).access_token, [ledger]);
    },
  },
  {
    rule: 'F04',
    section: 'RFC 8707 §2.2',
    title: 'the granted scope is what the client may have at that resource, and no more',
    uses: ['several'],
    async run(deployment) {
      for (const { resource, scope, granted } of downscoped) {
        const aud = deployment.resource(resource);
        const asked: Form = scope === undefined ? [] : [['scope', scope]];
        const answer = await ask(deployment, 'several', [['resource', aud], ...asked]);
        const members = checkIssued(answer);
        checkAudience(deployment, members.access_token, [aud]);
        checkScope(`the scope at ${aud}`, members.scope, granted);
        checkScope(`the token's scope`, partsOf(members.access_token).claims.scope, granted);
      }
      for (const [resource, scope] of elsewhere) {
        const aud = deployment.resource(resource);
        const answer = await ask(deployment, 'several', [
          ['resource', aud],
          ['scope', scope],
        ]);
        checkRefused(`${scope} at ${aud}`, answer, [400, 'invalid_scope']);
      }
    },
  },
  {
    rule: 'F05',
    section: 'RFC 8707 §2, RFC 3986 §6.2.2, §6.2.3',
    title: 'resources that are the same by RFC 3986 have one aud, and others are refused',
    uses: ['several'],
    async run(deployment) {
      const [orders, ledger] = [deployment.resource('orders'), deployment.resource('ledger')];
      const { protocol, host } = new URL(orders);
      const same = [
        orders,
        `${orders}/`,
        `${orders}:443`,
        `${orders}/sub/%2e%2e/`,
        `${protocol}//${host.toUpperCase()}`,
        orders.replace(protocol, protocol.toUpperCase()),
      ];
      for (const resource of same) {
        const answer = await ask(deployment, 'several', [['resource', resource]]);
        checkAudience(deployment, checkIssued(answer).access_token, [orders]);
      }
      const others = [
        `${orders}/sub`,
        `${orders}//`,
        `${orders}?`,
        `${orders}:80`,
        orders.replace('https:', 'http:'),
        ledger.replace('ledger', 'Ledger'),
        `${ledger}/`,
      ];
      for (const resource of others) {
        const answer = await ask(deployment, 'several', [['resource', resource]]);
        checkRefused(`the resource ${resource}`, answer, [400, 'invalid_target']);
      }
    },
  },
];

const downscoped = [
  { resource: 'orders', scope: 'orders:read', granted: 'orders:read' },
  { resource: 'ledger', scope: 'orders:read', granted: 'orders:read' },
  { resource: 'orders', scope: undefined, granted: 'orders:read orders:write' },
  { resource: 'ledger', scope: undefined, granted: 'ledger:read orders:read' },
] as const;

const elsewhere = [
  ['orders', 'ledger:read'],
  ['ledger', 'orders:write'],
] as const;

const ask = (deployment: Deployment, client: ClientName, form: Form) =>
  requestToken(deployment, { form, authorization: basic(deployment.client(client)) });

function checkAudience(deployment: Deployment, token: string, expected: readonly string[]): void {
  const { aud } = partsOf(token).claims;
  deployment.saw(`aud ${JSON.stringify(aud)}`);
  checkSame('aud', [aud ?? []].flat().sort(), [...expected].sort());
}
