/** Regions whose prices are known here. */
export const regions = ['us-east-1', 'eu-west-1', 'eu-central-1'] as const;

export type Region = (typeof regions)[number];

/**
 * How a price is known. `published`: it stands on a page of AWS. `quoted`: others quote AWS's price
 * list. `assumed`: neither was found, and the figure errs on the dear side.
 */
export type Basis = 'published' | 'quoted' | 'assumed';

/** A price up to a monthly quantity. */
interface Tier {
  readonly upTo: number;
  /** Dollars for `per` units. */
  readonly price: number;
}

/** What a price is in a Region: tiers in rising order, each for what lies within it. */
export interface Rate {
  readonly basis: Basis;
  readonly tiers: readonly Tier[];
}

/** A list price of AWS, in dollars. */
export interface Price {
  /** One of what is counted, such as `request`. */
  readonly unit: string;
  /** Several of them. */
  readonly units: string;
  /** So many of them have the price. */
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

/** Prices that fall: each pair is how far a price goes, and the price. */
export const tiered = (
  basis: Basis,
  ...tiers: readonly (readonly [upTo: number, price: number])[]
): Rate => ({ basis, tiers: tiers.map(([upTo, price]) => ({ upTo, price })) });

/** The rates of the Regions, in the order of `regions`. */
export const inEach = (usEast1: Rate, euWest1: Rate, euCentral1: Rate): Price['rates'] => ({
  'us-east-1': usEast1,
  'eu-west-1': euWest1,
  'eu-central-1': euCentral1,
});

/** The same rate in each Region. */
export const everywhere = (rate: Rate): Price['rates'] => inEach(rate, rate, rate);

/** What a quantity costs, and at which unit prices. */
export interface Charge {
  /** Dollars. */
  readonly amount: number;
  /** Dollars for `per` units, of each tier that the quantity reaches. */
  readonly unitPrices: readonly number[];
}

/** Charges a month's quantity: what lies within a tier costs what the tier says. */
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
