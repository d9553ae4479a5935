import { table } from '../io/table.ts';
import { assumptionSentences, estimateSentence, revocationSentences } from './assumptions.ts';
import type { Bill, BilledLine, Part } from './bill.ts';
import { pricesCollectedOn } from './prices.ts';

/** A bill as people read it: a table of our lines, one of Cognito's, and what is assumed. */
export function billText(bill: Bill, heading: string): string {
  const { tokens, idle, revocation, cognito, cognitoAppClients } = bill;
  return [
    heading,
    table(
      ['', 'QUANTITY', 'UNIT PRICE', 'AMOUNT', 'PRICE FROM'],
      [
        ...partRows('Tokens', tokens),
        ...partRows('Idle', idle),
        ...(revocation ? partRows('Revocation', revocation) : []),
        ['TOTAL', '', '', dollars(bill.total), ''],
      ],
    ),
    `${dollars(bill.perMillionTokens)} for each million of these tokens; ${dollars(idle.amount)} a month for none at all.`,
    table(
      ['', 'QUANTITY', 'UNIT PRICE', 'AMOUNT', 'PRICE FROM'],
      partRows('Amazon Cognito', cognito),
    ),
    comparison(bill),
    `App clients, if Cognito still charges for them: ${dollars(cognitoAppClients.amount)} more ` +
      `(${dollars(cognitoAppClients.unitPrices[0] ?? 0)} each; assumed, in no sum).`,
    bases,
    sentencesOf(bill)
      .map((sentence) => `- ${sentence}`)
      .join('\n'),
  ].join('\n\n');
}

const bases =
  `US dollars, list prices of ${pricesCollectedOn}. Behind a source: (quoted) others quote AWS's price list, ` +
  '(assumed) no source was found. Assumed of the deployment:';

const sentencesOf = (bill: Bill): readonly string[] => [
  ...timeSentences(bill),
  ...(bill.revocation ? revocationSentences : []),
  ...assumptionSentences,
];

function timeSentences({ requestTime: { milliseconds, basis } }: Bill): readonly string[] {
  const billed = `Lambda bills ${quantity(milliseconds)} ms for a token request, cold starts included: `;
  return basis === 'measured'
    ? [`${billed}measured, says --billed-ms.`]
    : [`${billed}estimated. --billed-ms takes what was measured.`, estimateSentence];
}

function partRows(name: string, { lines, amount }: Part): readonly (readonly string[])[] {
  const rows = lines.map((line) => [
    `  ${line.what}`,
    `${quantity(line.quantity)} ${line.quantity === 1 ? line.unit : line.units}`,
    unitPrice(line),
    dollars(line.amount),
    line.basis === 'published' ? line.source : `${line.source} (${line.basis})`,
  ]);
  return [[name, '', '', dollars(amount), ''], ...rows];
}

const comparison = ({ cognitoRatio }: Bill): string =>
  `Cognito costs ${cognitoRatio.toLocaleString('en-US', { maximumSignificantDigits: 3 })} times as much.`;

const quantity = (value: number): string =>
  value.toLocaleString(
    'en-US',
    value < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 },
  );

function unitPrice({ unitPrices, per }: BilledLine): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 6 };
  const price = unitPrices.map((one) => `$${one.toLocaleString('en-US', digits)}`).join(', then ');
  return per === 1 ? price : `${price} / ${per.toLocaleString('en-US')}`;
}

function dollars(amount: number): string {
  if (amount > 0 && amount < 0.005) return 'under $0.01';
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return `$${amount.toLocaleString('en-US', digits)}`;
}
