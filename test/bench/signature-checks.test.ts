import { expect, test } from 'vitest';
import { addedByCheck, addedTable } from './protocol/signature-checks.ts';
import { compare, worseIn } from './report/comparison.ts';
import { recorded } from './report/report.ts';

const rounds = (cpu: number) => [1, 2, 3, 4, 5, 6].map(() => ({ cpu }));

/** A report of requests that take 10 without a signature, and of checks that take so much. */
function report({ node, proof, before }: Readonly<Record<'node' | 'proof' | 'before', number>>) {
  const measured = new Map([
    ['Bearer', rounds(10)],
    ['DPoP', rounds(proof)],
    ['ES256: signature check by jose', rounds(20)],
    ['ES256: signature check by node:crypto', rounds(node)],
    ['ES256: signature check by jose, then a request', rounds(before)],
  ]);
  const table = addedTable(measured, {
    alg: 'ES256',
    added: { 'A proof': ['DPoP', 'Bearer'] },
    told: addedByCheck('ES256', 'Bearer'),
  });
  return recorded({ about: '', tables: [table], targets: [], notes: [] });
}

test('what a proof adds is ours; the check without it, and that of others, are no regression', () => {
  const earlier = report({ node: 10, proof: 30, before: 30 });
  const worse = (now: Parameters<typeof report>[0]) =>
    worseIn(compare(earlier, report(now))).map(({ what }) => what);
  expect(worse({ node: 15, proof: 30, before: 40 })).toEqual([]);
  expect(worse({ node: 10, proof: 40, before: 30 })).toEqual([
    'What ES256 adds: A proof against ES256: signature check by jose, CPU, us a request',
  ]);
});
