import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseKeySet } from '../../../functions/authorizer/key-set.ts';
import { publishedRevocations } from '../../../functions/authorizer/revocations/published-revocations.ts';
import { growingView } from '../../../functions/oauth/revocation-view.ts';
import { type RevocableToken, whyRevoked } from '../../../functions/oauth/revoked.ts';
import {
  encodedLists,
  revocationListContent,
} from '../../../functions/revocation-list/list-content.ts';
import { signedLists } from '../../../functions/revocation-list/signed-lists.ts';
import { type TestSigningKey, testSigningKey } from '../../../testing/tokens/signing-key.ts';
import { issuer } from '../../support/a-client.ts';
import { now } from '../fixtures/clock.ts';
import type { Contestant } from '../report/rounds.ts';
import { hashList, isAmong, readHashes } from './hashes.ts';
import { drawn, revocationOf, tokenOf, tokensOut } from './revoked-tokens.ts';

export const bits = 'bits, as published';
export const hashes = 'sorted hashes';

export type Figure = 'size' | 'read' | 'lookUp' | 'memory';

/** How often a round looks up a token of its own choice. */
const lookUps = 20_000;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** The list of so many tokens that were revoked one by one, in both forms. */
export async function contestants(count: number): Promise<readonly Contestant<Figure>[]> {
  const key = await testSigningKey('ES256');
  const numbers = drawn(count);
  const asked = someTokens(numbers);
  const { keys } = parseKeySet({ keys: [key.jwk] }, undefined);
  const [published, peer] = [await publishedList(numbers, key), await hashList(numbers, key)];
  return [
    contestant(bits, published, asked, {
      read: async () => {
        const revoked = await reader(published, key)(AbortSignal.timeout(60_000));
        return (token) => whyRevoked(token, revoked) !== undefined;
      },
    }),
    contestant(hashes, peer, asked, {
      read: async () => {
        const read = readHashes(peer, keys, key.alg);
        return ({ jti }) => isAmong(read, jti);
      },
    }),
  ];
}

/** A token, and whether it was revoked. */
interface Asked {
  readonly token: RevocableToken;
  readonly isRevoked: boolean;
}

/** Tokens of which half were revoked, as far as there are so many. */
function someTokens(numbers: ReadonlySet<number>): readonly Asked[] {
  const revoked = [...numbers].slice(0, lookUps / 2);
  const others = Array.from(
    { length: lookUps - revoked.length },
    (_, at) => (at * 499) % tokensOut,
  );
  return [...revoked, ...others].map((number) => ({
    token: tokenOf(number),
    isRevoked: numbers.has(number),
  }));
}

/** The list as the issuer signs it. */
async function publishedList(numbers: ReadonlySet<number>, key: TestSigningKey): Promise<string> {
  let versions = 0;
  const { view, add } = growingView(() => {
    versions += 1;
    return versions;
  });
  for (const number of numbers) add(revocationOf(number));
  const sign = signedLists({
    signingKeys: { active: async () => key, successorOf: async () => undefined },
    now,
    tooLong: () => {
      throw new Error('the list is too long');
    },
  });
  const source = { issuer, revoked: view, keys: [], encoded: encodedLists() };
  return (await sign(revocationListContent(source), new Set())).jwt;
}

/** What an authorizer reads a list by, which is there without a network. */
function reader(jwt: string, key: TestSigningKey) {
  const keySet = parseKeySet({ keys: [key.jwk] }, undefined);
  return publishedRevocations({
    issuer,
    url: `${issuer}/revocation-list`,
    algorithms: [key.alg],
    keys: async () => keySet,
    // The bench may take longer than a list is good for.
    now: () => issuedAt(jwt),
    fetch: async () =>
      new Response(jwt, { headers: { 'content-type': 'application/revocation-list+jwt' } }),
  });
}

const issuedAt = (jwt: string): number =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()).iat;

interface Reading {
  /** Reads the list anew. @returns what looks a token up in it */
  read(): Promise<(token: RevocableToken) => boolean>;
}

function contestant(
  name: string,
  jwt: string,
  asked: readonly Asked[],
  { read }: Reading,
): Contestant<Figure> {
  return {
    name,
    async round() {
      const before = await inUse();
      const start = process.cpuUsage();
      const isRevoked = await read();
      const took = microseconds(start) / 1000;
      const memory = (await inUse()) - before;
      return { size: jwt.length / 1024, read: took, memory, lookUp: lookUpAll(asked, isRevoked) };
    },
  };
}

/** Microseconds of one. @throws Error for a wrong answer */
function lookUpAll(asked: readonly Asked[], look: (token: RevocableToken) => boolean): number {
  const start = process.cpuUsage();
  for (const { token, isRevoked } of asked) {
    if (look(token) !== isRevoked) throw new Error(`the token ${token.jti} is mistaken`);
  }
  return microseconds(start) / asked.length;
}

/** Of all threads: what others do on this computer meanwhile does not count. */
function microseconds(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

/** Megabytes that are held, in the engine and beside it. */
async function inUse(): Promise<number> {
  // What the engine frees of buffers is freed a little later.
  for (let times = 0; times < 3; times += 1) {
    collectGarbage();
    await setImmediate();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1024 ** 2;
}
