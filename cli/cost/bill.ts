import { idleLines, type Line, tokenLines } from './lines.ts';
import { type Basis, charge, type Region } from './price.ts';
import { prices } from './prices.ts';
import { type RequestTime, requestTime } from './request-time.ts';
import { revocationLines } from './revocation-lines.ts';
import type { Workload } from './workload.ts';

/** A line of a bill, priced. */
export interface BilledLine {
  readonly what: string;
  readonly quantity: number;
  readonly unit: string;
  readonly units: string;
  /** Dollars for `per` units, of each tier that the quantity reaches. */
  readonly unitPrices: readonly number[];
  readonly per: number;
  /** Dollars, not rounded. */
  readonly amount: number;
  readonly source: string;
  readonly basis: Basis;
}

/** Lines that belong together, and their sum. */
export interface Part {
  readonly lines: readonly BilledLine[];
  readonly amount: number;
}

/** What a month costs, and what Cognito asks for the same tokens; all amounts in dollars. */
export interface Bill {
  readonly requestTime: RequestTime;
  readonly tokens: Part;
  readonly idle: Part;
  /** What authorizers cost that refuse what is revoked; absent: there are none. */
  readonly revocation?: Part;
  readonly total: number;
  /** What a million of these tokens costs, idle cost aside. */
  readonly perMillionTokens: number;
  readonly cognito: Part;
  /** A fee that Cognito may no longer ask: it is in no sum. */
  readonly cognitoAppClients: BilledLine;
  /** What Cognito costs, divided by `total`. */
  readonly cognitoRatio: number;
}

/** Makes out the bill of a month. */
export function billOf(workload: Workload, region: Region): Bill {
  const { tokensPerMonth, clients } = workload;
  const billed = (line: Line) => billedLine(line, region);
  const tokens = partOf(tokenLines(workload).map(billed));
  const idle = partOf(idleLines(workload).map(billed));
  const revocation = partOf(revocationLines(workload).map(billed));
  const tokenRequests: Line = { what: 'Tokens', quantity: tokensPerMonth, price: 'cognitoToken' };
  const cognito = partOf([billed(tokenRequests)]);
  const total = tokens.amount + idle.amount + revocation.amount;
  return {
    requestTime: requestTime(workload),
    tokens,
    idle,
    ...(revocation.lines.length > 0 && { revocation }),
    total,
    perMillionTokens: (tokens.amount / tokensPerMonth) * 1e6,
    cognito,
    cognitoAppClients: billed({
      what: 'App clients',
      quantity: clients,
      price: 'cognitoAppClient',
    }),
    cognitoRatio: cognito.amount / total,
  };
}

function billedLine({ what, quantity, price: name }: Line, region: Region): BilledLine {
  const { unit, units, per, source, rates } = prices[name];
  const { amount, unitPrices } = charge(prices[name], region, quantity);
  return {
    what,
    quantity,
    unit,
    units,
    unitPrices,
    per,
    amount,
    source,
    basis: rates[region].basis,
  };
}

const partOf = (lines: readonly BilledLine[]): Part => ({
  lines,
  amount: lines.reduce((sum, { amount }) => sum + amount, 0),
});
