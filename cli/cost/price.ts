/** The Regions that the prices are collected for. */
export const regions = ['us-east-1', 'eu-west-1', 'eu-central-1'] as const;

export type Region = (typeof regions)[number];

/**
 * Where a price is from. `published`: a page of AWS. `quoted`: others, who quote AWS's price list.
 * `assumed`: neither was found, and the figure is rather too high than too low.
 */
export type Basis = 'published' | 'quoted' | 'assumed';

/** A part of a month's quantity that has its own price. */
interface Tier {
  /** The quantity at which it ends; it begins where the one before ends. */
  readonly upTo: number;
  /** Dollars for `per` units. */
  readonly price: number;
}

/** What a price is in a Region, tier by tier. */
export interface Rate {
  readonly basis: Basis;
  readonly tiers: readonly Tier[];
}

/** A list price of AWS, in dollars. */
export interface Price {
  /** What is counted, such as `request`. */
  readonly unit: string;
  /** The plural. */
  readonly units: string;
  /** How many units the price is for. */
  readonly per: number;
  /** The page that has the price. */
  readonly source: string;
  readonly rates: Readonly<Record<Region, Rate>>;
}

/** One price whatever the quantity. */
export const flat = (basis: Basis, price: number): Rate => ({
  basis,
  tiers: [{ upTo: Number.POSITIVE_INFINITY, price }],
});

/** A price that falls as the quantity rises: each pair is where a tier ends, and its price. */
export const tiered = (
  basis: Basis,
  ...tiers: readonly (readonly [upTo: number, price: number])[]
): Rate => ({ basis, tiers: tiers.map(([upTo, price]) => ({ upTo, price })) });

/** A rate for each Region, in the order of `regions`. */
export const inEach = (usEast1: Rate, euWest1: Rate, euCentral1: Rate): Price['rates'] => ({
  'us-east-1': usEast1,
  'eu-west-1': euWest1,
  'eu-central-1': euCentral1,
});

/** The same rate in each Region. */
export const everywhere = (rate: Rate): Price['rates'] => inEach(rate, rate, rate);

/** What a month's quantity costs. */
export interface Charge {
  /** Dollars. */
  readonly amount: number;
  /** Dollars for `per` units, of each tier that the quantity reaches. */
  readonly unitPrices: readonly number[];
}

/** Charges a month's quantity: each part of it at the price of the tier that it lies in. */
export function charge({ per, rates }: Price, region: Region, quantity: number): Charge {
  const { tiers } = rates[region];
  const starts = [0, ...tiers.map(({ upTo }) => upTo)];
  const reached = tiers.flatMap(({ upTo, price }, tier) => {
    const within = Math.min(quantity, upTo) - (starts[tier] ?? 0);
    return within > 0 || tier === 0 ? [{ price, amount: (within / per) * price }] : [];
  });
  return {
    amount: reached.reduce((sum, { amount }) => sum + amount, 0),
    unitPrices: reached.map(({ price }) => price),
  };
}
