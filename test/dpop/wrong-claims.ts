import { stoppedAt } from '../support/token-endpoint.ts';
import { claims, forged, type Make } from './right-proof.ts';
import type { WrongProof } from './wrong-proofs.ts';

/** The right `htu`, changed. */
const htu =
  (change: (right: string) => unknown): Make =>
  (right) =>
    claims({ htu: change(String(right.claims.htu)) })(right);

/** RFC 9449 §4.3 (3), (8), (9), (11): claims that are missing, malformed, or of another request. */
export const wrongClaims: readonly WrongProof[] = [
  { rule: 'D02', what: 'no jti', make: claims({ jti: undefined }) },
  { rule: 'D02', what: 'an empty jti', make: claims({ jti: '' }) },
  { rule: 'D02', what: 'a jti that is a number', make: claims({ jti: 7 }) },
  { rule: 'D02', what: 'no htm', make: claims({ htm: undefined }) },
  { rule: 'D05', what: 'another htm', make: claims({ htm: 'PUT' }) },
  {
    rule: 'D05',
    what: 'the htm in small letters',
    make: (right) => claims({ htm: String(right.claims.htm).toLowerCase() })(right),
  },
  { rule: 'D02', what: 'no htu', make: claims({ htu: undefined }) },
  { rule: 'D02', what: 'an htu that is a number', make: claims({ htu: 7 }) },
  { rule: 'D05', what: 'another path', make: htu((right) => `${right}/other`) },
  { rule: 'D05', what: 'a slash behind the path', make: htu((right) => `${right}/`) },
  {
    rule: 'D05',
    what: 'the path in capital letters',
    make: htu((right) => right.replace(/\w+$/, (end) => (end === '7' ? '8' : end.toUpperCase()))),
  },
  {
    rule: 'D05',
    what: 'another host',
    make: htu((right) => right.replace('example.com', 'example.org')),
  },
  { rule: 'D05', what: 'http for https', make: htu((right) => right.replace('https', 'http')) },
  { rule: 'D05', what: 'half an escape', make: htu((right) => `${right}%f`) },
  {
    rule: 'D05',
    what: 'no slashes before the host',
    make: htu((right) => right.replace('//', '')),
  },
  { rule: 'D05', what: 'empty user information', make: htu((right) => right.replace('//', '//@')) },
  { rule: 'D05', what: 'an escape in the host', make: htu((right) => right.replace('.e', '%2ee')) },
  { rule: 'D05', what: 'escapes that are no UTF-8', make: htu((right) => `${right}%ff`) },
  { rule: 'D05', what: 'another port', make: htu((right) => right.replace('.com/', '.com:8443/')) },
  { rule: 'D05', what: 'user information', make: htu((right) => right.replace('//', '//user@')) },
  { rule: 'D05', what: 'a path alone', make: htu((right) => new URL(right).pathname) },
  { rule: 'D05', what: 'a space behind it, which parsers drop', make: htu((right) => `${right} `) },
  {
    rule: 'D05',
    what: 'backslashes, which parsers turn',
    make: htu((right) => right.replaceAll('/', '\\')),
  },
  {
    rule: 'D05',
    what: 'a tab in the midst, which parsers drop',
    make: htu((right) => right.replace('com', 'c\tom')),
  },
  {
    rule: 'D05',
    what: 'the htu of the other end',
    make: (right) => claims({ htu: right.otherHtu })(right),
  },
  { rule: 'D02', what: 'no iat', make: claims({ iat: undefined }) },
  { rule: 'D02', what: 'an iat that is a text', make: claims({ iat: String(stoppedAt) }) },
  {
    rule: 'D07',
    what: 'an iat of 1e999, which JSON reads as infinity',
    make: (right) => {
      const { iat: _, ...rest } = right.claims;
      const text = JSON.stringify({ jti: 'for ever', ...rest });
      return forged({ payload: text.replace(/\}$/, ',"iat":1e999}') })(right);
    },
  },
  { rule: 'D07', what: 'an iat of a minute and a half ago', make: claims({ iat: stoppedAt - 90 }) },
  {
    rule: 'D07',
    what: 'an iat more than half a minute ahead',
    make: claims({ iat: stoppedAt + 31 }),
  },
  { rule: 'D07', what: 'an iat in milliseconds', make: claims({ iat: stoppedAt * 1000 }) },
  { rule: 'D07', what: 'an exp that has passed', make: claims({ exp: stoppedAt - 31 }) },
  { rule: 'D07', what: 'an nbf that has not come', make: claims({ nbf: stoppedAt + 31 }) },
];
