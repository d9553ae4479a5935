import { createPublicKey, type JsonWebKey, type KeyObject, randomUUID, verify } from 'node:crypto';
import { compactVerify, importJWK } from 'jose';
import { type TestKey, testKey } from '../../support/test-key.ts';
import { type Answering, cpuTable } from '../report/in-process.ts';
import { ratioTarget, type Table, type Target } from '../report/report.ts';
import type { Measured } from '../report/rounds.ts';

/** Requests with something and without it, by the names of their contestants. */
type Added = Readonly<Record<string, readonly [of: string, without: string]>>;

/** What the signatures of one algorithm add to requests: in words -> the request with it, and the one without. */
export interface AddedCost {
  readonly alg: string;
  /** By keys that were seen before: these are held to the target. */
  readonly added: Added;
  /** What is told beside them. */
  readonly told: Added;
}

/** At most so many times the signature check, with all that is beside it. */
const limit = 1.15;

/**
 * The signature check alone of a JWT: by jose, which verifies it in the product, with a key that is imported already;
 * and by node:crypto, with all that can be done before it done before, so that one sees what the library costs.
 */
export async function signatureChecks(
  key: TestKey,
  sign: () => Promise<string>,
): Promise<readonly [jose: Answering, node: Answering]> {
  const imported = await importJWK(key.jwk, key.alg);
  const bare = createPublicKey({ key: key.jwk as JsonWebKey, format: 'jwk' });
  return [
    {
      name: joseOf(key.alg),
      prepare: sign,
      answer: async (jwt) => void (await compactVerify(String(jwt), imported)),
    },
    {
      name: nodeOf(key.alg),
      prepare: async () => partsOf(await sign(), key.alg),
      async answer(prepared) {
        if (!isSigned(prepared as Parts, bare)) throw new Error('the signature does not verify');
      },
    },
  ];
}

/** A check by jose, and a request without a signature after it: what both cost one after the other. */
export const afterCheck = (check: Answering, request: Answering): Answering => ({
  name: afterCheckOf(check.name),
  prepare: async () => [await check.prepare(), await request.prepare()],
  async answer(prepared) {
    const [jwt, event] = prepared as readonly unknown[];
    await check.answer(jwt);
    await request.answer(event);
  },
});

const afterCheckOf = (check: string): string => `${check}, then a request`;

const checkBefore = 'That check, before a request without it';

/** What a check adds to a request that does not need it. */
export const addedByCheck = (alg: string, request: string): Added => ({
  [checkBefore]: [afterCheckOf(joseOf(alg)), request],
});

/** A key that was not seen before. To find primes takes long: an RSA key is new by its name. */
export async function newKey(key: TestKey): Promise<TestKey> {
  const { jwk, ...pair } = key.alg.startsWith('RS') ? key : await testKey(key.alg);
  return { ...pair, jwk: { ...jwk, kid: randomUUID() } };
}

const joseOf = (alg: string): string => `${alg}: signature check by jose`;
const nodeOf = (alg: string): string => `${alg}: signature check by node:crypto`;

/** A JWT as node:crypto takes it. */
interface Parts {
  readonly input: Buffer;
  readonly signature: Buffer;
  readonly digest: 'sha256' | null;
}

const isSigned = ({ input, signature, digest }: Parts, key: KeyObject): boolean =>
  verify(digest, input, key, signature);

function partsOf(jwt: string, alg: string): Parts {
  const end = jwt.lastIndexOf('.');
  const signature = Buffer.from(jwt.slice(end + 1), 'base64url');
  return {
    input: Buffer.from(jwt.slice(0, end)),
    signature: alg.startsWith('ES') ? derOf(signature) : signature,
    digest: alg.startsWith('Ed') ? null : 'sha256',
  };
}

/** An ECDSA signature as node:crypto takes it most quickly (RFC 3279 §2.2.3). */
function derOf(signature: Buffer): Buffer {
  const half = signature.length / 2;
  const integers = [signature.subarray(0, half), signature.subarray(half)].map(derInteger);
  return derValue(0x30, Buffer.concat(integers));
}

function derInteger(octets: Buffer): Buffer {
  const first = octets.findIndex((octet) => octet !== 0);
  const value = octets.subarray(first);
  return derValue(0x02, (value[0] ?? 0) < 0x80 ? value : Buffer.concat([Buffer.alloc(1), value]));
}

const derValue = (tag: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([tag, content.length]), content]);

/** A table of what requests cost more than those without a signature, beside the check of that signature. */
export function addedTable(measured: Measured<'cpu'>, cost: AddedCost): Table<'cpu'> {
  const checks = [joseOf(cost.alg), nodeOf(cost.alg)].map(
    (name) => [name, roundsOf(measured, name)] as const,
  );
  const added = Object.entries({ ...cost.added, ...cost.told }).map(
    ([what, [of, without]]) => [what, difference(measured, of, without)] as const,
  );
  const table = cpuTable(`What ${cost.alg} adds`, new Map([...checks, ...added]), joseOf(cost.alg));
  return { ...table, peers: [nodeOf(cost.alg), checkBefore] };
}

/** The targets for what is added by keys that were seen before. */
export const addedTargets = (measured: Measured<'cpu'>, cost: AddedCost): readonly Target[] =>
  Object.keys(cost.added).map((row) =>
    ratioTarget(addedTable(measured, cost), {
      what: `${row}, ${cost.alg}: CPU beside that of its signature check by jose`,
      wanted: { atMost: limit },
      row,
      figure: 'cpu',
    }),
  );

function difference(measured: Measured<'cpu'>, of: string, without: string) {
  const others = roundsOf(measured, without);
  return roundsOf(measured, of).map(({ cpu }, round) => ({
    cpu: cpu - (others[round]?.cpu ?? Number.NaN),
  }));
}

/** @throws Error when there is no contestant of the name */
function roundsOf(measured: Measured<'cpu'>, name: string) {
  const rounds = measured.get(name);
  if (rounds === undefined) throw new Error(`there is no contestant ${name}`);
  return rounds;
}

/** What a reader of such tables has to know. */
export const notes: readonly string[] = [
  'What is added is the CPU of a request with a signature, less that of one without, round by round. jose checks ' +
    'it, as it verifies whatever JWT others have made. The key was seen before, unless the row says that it is new.',
  'jose checks on another thread. The thread that waits for it goes on with cold caches: a request after a check costs ' +
    'more than the two by themselves, which is the row with "before". What is left beside it is 8 to 20 us, of which ' +
    'the JWT takes a half: to be read from the request, and its claims, its identifier and its key to be looked at.',
  'Tried: the check by node:crypto on the serving thread in place of that of jose, all else as it is. Every row was then ' +
    'at 0.8 to 1.2 times the check by jose, instead of 1.2 to 1.8. It stays with jose: what ' +
    'strangers make is verified by a library that many have looked at.',
];

/** What some of the contestants have measured. */
export const rowsOf = (
  measured: Measured<'cpu'>,
  contestants: readonly Pick<Answering, 'name'>[],
): Measured<'cpu'> => new Map(contestants.map(({ name }) => [name, roundsOf(measured, name)]));
