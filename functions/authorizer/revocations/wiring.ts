import type { Authorizer } from '../authorize.ts';
import { cachedRevocations, type LoadRevocations } from './cached-revocations.ts';
import { publishedRevocations } from './published-revocations.ts';
import { noRevocations, type Revocations } from './revocations.ts';
import {
  type RevocationCheckVariable,
  type RevocationSource,
  revocationSource,
  staleness,
} from './settings.ts';

/** What an authorizer has before it can know what was taken back. */
type Verifying = Pick<Authorizer, 'issuer' | 'algorithms' | 'keys' | 'now'>;

/** How a table is read; absent: this function cannot. */
export interface TableReading {
  readonly ofTable?: (name: string) => LoadRevocations;
}

/** Milliseconds. */
const timeLimit = 2000;

/**
 * Wires how an authorizer knows what was taken back.
 * @param variable reads one of the environment
 */
export function environmentRevocations(
  variable: RevocationCheckVariable,
  { ofTable = cannotRead, ...verifying }: Verifying & TableReading,
): Revocations {
  const source = revocationSource(variable);
  if (source === undefined) return noRevocations;
  return cachedRevocations({
    load: loading(source, { ...verifying, ofTable }),
    clocks: { wall: Date.now, monotonic: () => performance.now() },
    timeLimit,
    ...staleness(variable),
  });
}

const loading = (
  source: RevocationSource,
  { ofTable, ...verifying }: Verifying & Required<TableReading>,
): LoadRevocations =>
  'table' in source
    ? ofTable(source.table)
    : publishedRevocations({ ...verifying, url: source.list, fetch });

function cannotRead(): never {
  throw new Error('REVOCATION_LIST is table, which this function cannot read');
}
