/** What one round has measured: name of a figure -> its value. */
type Figures<Figure extends string> = Readonly<Record<Figure, number>>;

/** What takes part in a comparison. */
export interface Contestant<Figure extends string> {
  readonly name: string;
  /** Does the work of one round. @throws Error when an answer is not a success */
  round(): Promise<Figures<Figure>>;
}

/** Name of a contestant -> what each of its rounds has measured, in their order. */
export type Measured<Figure extends string> = ReadonlyMap<string, readonly Figures<Figure>[]>;

/** Rounds that count, of a bench that does not say how many. */
const usualRounds = 7;

/**
 * Runs rounds of all contestants in turn, after one round of each that does not count. So whatever
 * disturbs the machine for a while disturbs them all.
 */
export async function inTurn<Figure extends string>(
  contestants: readonly Contestant<Figure>[],
  rounds = usualRounds,
): Promise<Measured<Figure>> {
  const measured = new Map(contestants.map(({ name }) => [name, [] as Figures<Figure>[]]));
  for (let round = -1; round < rounds; round += 1) {
    for (const contestant of contestants) {
      const figures = await oneRound(contestant);
      if (round >= 0) measured.get(contestant.name)?.push(figures);
    }
  }
  return measured;
}

async function oneRound<Figure extends string>(contestant: Contestant<Figure>) {
  try {
    return await contestant.round();
  } catch (cause) {
    throw new Error(`${contestant.name} failed`, { cause });
  }
}

/** The middle of some values, and how far they are spread. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** One figure of one contestant, over all rounds. */
export function spreadOf<Figure extends string>(
  measured: Measured<Figure>,
  name: string,
  figure: Figure,
): Spread {
  return spread(roundsOf(measured, name).map((figures) => figures[figure]));
}

/** One contestant's figure divided by another's of the same round, in which the machine was in the same state. */
export function ratioOf<Figure extends string>(
  measured: Measured<Figure>,
  figure: Figure,
  { of, to }: { readonly of: string; readonly to: string },
): Spread {
  const others = roundsOf(measured, to);
  const ratios = roundsOf(measured, of).map(
    (figures, round) => figures[figure] / (others[round]?.[figure] ?? Number.NaN),
  );
  return spread(ratios);
}

function roundsOf<Figure extends string>(measured: Measured<Figure>, name: string) {
  const rounds = measured.get(name);
  if (rounds === undefined) throw new Error(`there is no contestant ${name}`);
  return rounds;
}

/** @throws Error without any values */
function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const [least, most] = [sorted[0], sorted.at(-1)];
  const median = sorted[Math.floor(sorted.length / 2)];
  if (least === undefined || most === undefined || median === undefined) {
    throw new Error('nothing was measured');
  }
  return { median, least, most };
}
