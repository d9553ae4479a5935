import { type ConformanceCase, check, checkSame } from '../conformance-case.ts';
import { checkScope } from '../protocol/granted-scope.ts';
import { fetchKeys, keyOf, thumbprintOf } from '../protocol/jwk-set.ts';
import { obtainToken } from '../protocol/obtained-token.ts';
import { resourcePlans } from '../throw-away.ts';

/** Seconds that the deployment's clock may be off ours. */
const clockTolerance = 60;

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isTextOrTexts = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 && value.every(isText) : isText(value);

/** RFC 7519 §4.1, RFC 8693 §4.3. */
const requiredClaims: Readonly<Record<string, (value: unknown) => boolean>> = {
  iss: isText,
  exp: Number.isFinite,
  aud: isTextOrTexts,
  sub: isText,
  client_id: isText,
  iat: Number.isFinite,
  jti: isText,
};

/** RFC 9068 §2.2: what an access token says. */
export const accessTokenClaimsCases: readonly ConformanceCase[] = [
  {
    rule: 'E03',
    section: 'RFC 9068 §2.2',
    title: 'iss, exp, aud, sub, client_id, iat and jti are there, and are of the right type',
    uses: ['basic'],
    async run(deployment) {
      const before = deployment.now();
      const { claims } = await obtainToken(deployment, 'basic');
      deployment.saw(`claims ${JSON.stringify(claims)}`);
      for (const [name, isRight] of Object.entries(requiredClaims)) {
        check(isRight(claims[name]), `${name} is ${JSON.stringify(claims[name]) ?? 'missing'}`);
      }
      const [iat, exp] = [Number(claims.iat), Number(claims.exp)];
      check(exp > iat, 'the token expires before it is issued');
      const early = before - clockTolerance - iat;
      const late = iat - deployment.now() - clockTolerance;
      check(early <= 0 && late <= 0, `iat ${iat} is not the time of this computer, ${before}`);
    },
  },
  {
    rule: 'E03',
    section: 'RFC 9068 §2.2, RFC 6749 §5.1',
    title: 'exp is expires_in seconds after iat, as registered for the client or resource server',
    uses: ['brief', 'bookkeeper'],
    async run(deployment) {
      for (const [name, lifetime] of [['brief', 60] as const, ['bookkeeper', 600] as const]) {
        const { claims, response } = await obtainToken(deployment, name);
        const lived = Number(claims.exp) - Number(claims.iat);
        deployment.saw(`exp - iat = ${lived}`);
        checkSame(`expires_in of ${name}`, response.expires_in, lifetime);
        checkSame(`exp - iat of ${name}`, lived, lifetime);
      }
    },
  },
  {
    rule: 'E04',
    section: 'RFC 9068 §2.2',
    title: 'without a resource owner, sub is the client',
    uses: ['basic'],
    async run(deployment) {
      const { client_id } = deployment.client('basic');
      const { claims } = await obtainToken(deployment, 'basic');
      deployment.saw(`sub ${claims.sub}, client_id ${claims.client_id}`);
      checkSame('client_id', claims.client_id, client_id);
      checkSame('sub', claims.sub, client_id);
    },
  },
  {
    rule: 'E05',
    section: 'RFC 9068 §2.2.3, RFC 8693 §4.2',
    title: 'scope says what was granted, and all of it means something at the audience',
    uses: ['basic', 'several', 'bare'],
    async run(deployment) {
      const narrow = await obtainToken(deployment, 'basic', [['scope', 'orders:read']]);
      deployment.saw(`scope "${narrow.claims.scope}"`);
      checkScope('the scope of the token', narrow.claims.scope, 'orders:read');
      const ledger = [['resource', deployment.resource('ledger')]] as const;
      const whole = await obtainToken(deployment, 'several', ledger);
      deployment.saw(`scope "${whole.claims.scope}"`);
      checkScope('the scope at one of two', whole.claims.scope, resourcePlans.ledger.scope);
      const { claims } = await obtainToken(deployment, 'bare');
      checkSame('the scope of a client without scope', claims.scope, undefined);
    },
  },
  {
    rule: 'E08',
    section: 'RFC 7519 §4.1.7, RFC 9068 §2.2',
    title: 'no two tokens have the same jti',
    uses: ['basic'],
    async run(deployment) {
      const wanted = Array.from({ length: 4 }, () => obtainToken(deployment, 'basic'));
      const ids = (await Promise.all(wanted)).map(({ claims }) => claims.jti);
      checkSame('the number of different jti in 4 tokens', new Set(ids).size, 4);
      check(ids.every(isText), 'a token has no jti');
    },
  },
  {
    rule: 'E09',
    section: 'RFC 7515 §4.1.4, RFC 7638 §3, RFC 7519 §4.1.5',
    title: 'kid is the thumbprint of the key, and nbf is there and not later than iat',
    uses: ['basic'],
    async run(deployment) {
      const token = await obtainToken(deployment, 'basic');
      const { nbf, iat } = token.claims;
      deployment.saw(`kid ${token.header.kid}, nbf ${nbf}, iat ${iat}`);
      const thumbprint = await thumbprintOf(keyOf(token, await fetchKeys(deployment)));
      checkSame('kid', token.header.kid, thumbprint);
      check(typeof nbf === 'number', `nbf is ${JSON.stringify(nbf) ?? 'missing'}`);
      check(nbf <= Number(iat), 'the token is not valid yet when it is issued');
    },
  },
];
