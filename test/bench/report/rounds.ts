import { type Spread, spread } from './spread.ts';

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

/** How long a bench measures. */
export interface Plan {
  /** Rounds that count: six at least, for fewer have no 95 % confidence interval. */
  readonly rounds: number;
  /** Rounds before those that count: until then the engine compiles what is in use. */
  readonly warmUp: number;
  /** What each contestant does in a round, where that is cheap and many times. */
  readonly requests: number;
  /** Is told before each round. */
  readonly progress?: (line: string) => void;
}

/**
 * Runs rounds of all contestants in turn, after those that do not count. So whatever disturbs the machine for a
 * while disturbs them all.
 */
export async function inTurn<Figure extends string>(
  contestants: readonly Contestant<Figure>[],
  { warmUp, rounds, progress }: Omit<Plan, 'requests'>,
): Promise<Measured<Figure>> {
  const measured = new Map(contestants.map(({ name }) => [name, [] as Figures<Figure>[]]));
  for (let round = -warmUp; round < rounds; round += 1) {
    progress?.(round < 0 ? 'warms up' : `round ${round + 1} of ${rounds}`);
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

/** One figure of one contestant, over all rounds of so many runs. */
export const spreadOf = <Figure extends string>(
  measured: Measured<Figure>,
  name: string,
  figure: Figure,
  runs = 1,
): Spread => spread(valuesOf(measured, name, figure), runs);

/** What is divided by what. */
interface Division {
  readonly of: string;
  /** Of several contestants the one that `best` chooses, anew in each round. */
  readonly to: string | readonly string[];
  /** @default the least, which is the quickest in time */
  readonly best?: (...values: readonly number[]) => number;
}

/** One contestant's figure divided by another's of the same round, in which the machine was in the same state. */
export function ratioOf<Figure extends string>(
  measured: Measured<Figure>,
  figure: Figure,
  { of, to, best = Math.min }: Division,
  runs = 1,
): Spread {
  const others = [to].flat().map((name) => valuesOf(measured, name, figure));
  const ratios = valuesOf(measured, of, figure).map(
    (value, round) => value / best(...others.map((values) => values[round] ?? Number.NaN)),
  );
  return spread(ratios, runs);
}

function valuesOf<Figure extends string>(
  measured: Measured<Figure>,
  name: string,
  figure: Figure,
): readonly number[] {
  const rounds = measured.get(name);
  if (rounds === undefined) throw new Error(`there is no contestant ${name}`);
  return rounds.map((figures) => figures[figure]);
}
