import { signJwt } from '../../functions/oauth/jws.ts';
import { accessToken, claimsOf, type TokenMaker } from './access-token.ts';
import { testSigningKey } from './signing-key.ts';
import type { TokenProps } from './token-props.ts';
import { type WrongToken, wrongTokens } from './wrong-token-names.ts';

/** Seconds by which a time is wrong: more than any clock may differ. */
const wrongBy = 600;

const makers: Readonly<
  Record<WrongToken, (maker: TokenMaker, props: TokenProps) => Promise<string>>
> = {
  expired: (maker, props) => {
    const lifetime = props.lifetime ?? maker.lifetime;
    return accessToken({ ...maker, now: () => maker.now() - lifetime - wrongBy }, props);
  },
  'not valid yet': (maker, props) =>
    accessToken({ ...maker, now: () => maker.now() + wrongBy }, props),
  'other audience': (maker, props) =>
    accessToken(maker, { ...props, audience: 'https://other-api.example' }),
  'other issuer': (maker, props) =>
    accessToken({ ...maker, issuer: 'https://other-issuer.example' }, props),
  /** Its header names a key of the issuer, which has not signed it. */
  'other key': async (maker, props) =>
    accessToken({ ...maker, key: { ...(await otherKey(maker)), kid: maker.key.kid } }, props),
  /** Its header names a key that the issuer does not publish. */
  'unknown key': async (maker, props) =>
    accessToken({ ...maker, key: await otherKey(maker) }, props),
  /** RFC 8725 §2.1: `alg` is `none`. */
  unsigned: async (maker, props) => {
    const [, claims = ''] = (await accessToken(maker, props)).split('.');
    return `${encoded({ typ: 'at+jwt', alg: 'none', kid: maker.key.kid })}.${claims}.`;
  },
  /** Its claims were changed after it was signed. */
  changed: async (maker, props) => {
    const [header = '', , signature = ''] = (await accessToken(maker, props)).split('.');
    return `${header}.${encoded({ ...claimsOf(maker, props), scope: 'admin' })}.${signature}`;
  },
  /** RFC 8725 §3.11: a JWT of the issuer that is no access token, such as an ID token. */
  'other type': (maker, props) => signJwt('JWT', claimsOf(maker, props), maker.key),
};

/** Makes a token that each API has to refuse. @throws Error for a word that is none of `wrongTokens` */
export function wrongToken(
  wrong: WrongToken,
  maker: TokenMaker,
  props: TokenProps,
): Promise<string> {
  if (Object.hasOwn(makers, wrong)) return makers[wrong](maker, props);
  throw new Error(
    `there is no wrong token ${JSON.stringify(wrong)}: take one of ${wrongTokens.join(', ')}.`,
  );
}

/** A key of the same algorithm that is not the issuer's. */
const otherKey = ({ key }: TokenMaker) => testSigningKey(key.alg);

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
