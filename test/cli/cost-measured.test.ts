import { expect, test } from 'vitest';
import { assumed } from '../../cli/cost/assumptions.ts';
import { readReports } from '../bench/pages/files.ts';
import { spreadOf } from '../bench/report/rounds.ts';

/** A bill assumes no less work of the processor than the committed reports have measured. */

const reports = await readReports('docs/bench');

/** Microseconds of the handler's and the protocol's benches; milliseconds of the one of cold starts. */
function measured(report: string, row: string): number {
  const tables = reports.get(report)?.tables ?? [];
  const table = tables.find((one) => one.measured.has(row));
  if (!table) throw new Error(`${report} has no ${row}`);
  return spreadOf(table.measured, row, 'cpu').median;
}

const { request, awsCall, rsaSignature, ecSignature, verification, coldStart } = assumed.processor;

test.for<[string, string, number]>([
  ['handler', 'token function, client read', request + 2 * awsCall],
  ['handler', 'token function, client cached', request + awsCall],
  ['handler', "cached, signing: 'kms-wrapped', RS256", request + rsaSignature],
  ['handler', "cached, signing: 'kms-wrapped', ES256", request + ecSignature],
  ['handler', 'cached, tokenReuse', request],
  ['client-authentication', 'private_key_jwt ES256', request + verification],
  ['dpop', 'DPoP ES256, nonce', request + verification],
])('%s: %s', ([report, row, milliseconds]) => {
  expect(measured(report, row)).toBeLessThanOrEqual(milliseconds * 1000);
});

test('cold: Countersign', () => {
  expect(measured('cold', 'Countersign')).toBeLessThanOrEqual(coldStart);
});
