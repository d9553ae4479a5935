import type { Report, Table, Target } from '../report/report.ts';
import { inTurn, type Plan, spreadOf } from '../report/rounds.ts';
import { bits, contestants, type Figure, hashes } from './contestants.ts';

/** Tokens that were revoked one by one. Who revokes more revokes their clients. */
const counts = [0, 1000, 10_000, 1_000_000] as const;

type Count = (typeof counts)[number];

/** What each may be at most. */
const limits = [
  { count: 10_000, figure: 'size', what: 'the list', atMost: 40, unit: ' KB' },
  { count: 1_000_000, figure: 'lookUp', what: 'a look-up', atMost: 1, unit: ' us' },
  { count: 1_000_000, figure: 'read', what: 'to read a new list', atMost: 20, unit: ' ms' },
  { count: 1_000_000, figure: 'memory', what: 'memory of the holder', atMost: 3, unit: ' MB' },
] as const satisfies readonly { count: Count; figure: Figure; [more: string]: unknown }[];

/** What a revocation list costs those who read it, beside a list of hashes. */
export async function benchRevocationList(plan: Plan): Promise<Report> {
  const tables: Table<Figure>[] = [];
  const targets: Target[] = [];
  for (const count of counts) {
    const measured = await inTurn(await contestants(count), plan);
    tables.push({ title: titleOf(count), measured, figures, against: hashes, peers: [hashes] });
    const ofCount = limits.filter((limit) => limit.count === count);
    targets.push(
      ...ofCount.map(({ figure, what, atMost, unit }) => ({
        what: `${count.toLocaleString('en')} revoked singly of ten million: ${what}`,
        wanted: { atMost },
        reached: spreadOf(measured, bits, figure),
        unit,
      })),
    );
  }
  return { about, tables, targets, notes };
}

const titleOf = (count: number): string =>
  `${count.toLocaleString('en')} of ten million tokens revoked`;

const figures = {
  size: { heading: 'JWT, KB', digits: 1 },
  read: { heading: 'CPU to read, ms', digits: 2 },
  lookUp: { heading: 'CPU of a look-up, us', digits: 2 },
  memory: { heading: 'memory, MB', digits: 2 },
} as const;

const about =
  'Ten million tokens are out, numbered one after the other, in ten status lists. Those that were revoked are drawn ' +
  'among them. An authorizer reads the list as it does in production, but for the network: it verifies the signature, ' +
  'parses the claims and unpacks each list. Then it looks up 20,000 tokens, of which half are revoked, if there ' +
  'are so many.';

const notes = [
  '`sorted hashes` is the alternative without numbers: a JWT by the same key with the first 48 bits of the SHA-256 of each ' +
    '`jti`, sorted, read by the same code and searched by halves. Of fewer bits a token that nobody has revoked would be ' +
    'refused now and then. A look-up there includes the hash of the `jti`.',
  'Memory is what the engine and its buffers hold more when the list is read and garbage is collected, by the ' +
    'list alone: while it is being read, its text and what is made of it are there, too.',
];
