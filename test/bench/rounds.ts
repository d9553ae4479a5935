/** What takes part in a comparison. */
export interface Contestant {
  readonly name: string;
  /** Makes what one request consists of; not measured. */
  prepare(): Promise<unknown>;
  /** Answers it. @throws Error when the answer is not a good one */
  answer(prepared: unknown): Promise<void>;
}

/** How much is measured. */
interface Amount {
  readonly rounds: number;
  /** A round of each contestant. */
  readonly requests: number;
}

const amount: Amount = { rounds: 7, requests: 400 };

/**
 * Measures contestants in turn, round by round, after a round that does not count. The first is what
 * the others are held against.
 * @returns a table in Markdown: milliseconds of one core a request
 */
export async function compare(
  contestants: readonly Contestant[],
  { rounds, requests } = amount,
): Promise<string> {
  const times = new Map(contestants.map((contestant) => [contestant, [] as number[]]));
  for (const contestant of contestants) await measure(contestant, requests);
  for (let round = 0; round < rounds; round += 1) {
    for (const [contestant, measured] of times) measured.push(await measure(contestant, requests));
  }
  const [floor = 0] = [...times.values()].map(median);
  const lines = [...times].map(([{ name }, measured]) => row(name, measured, floor));
  const [first] = contestants;
  return [
    `Milliseconds a request, medians of ${rounds} interleaved rounds of ${requests}, Node ${process.version}`,
    '',
    `| | median | over ${first?.name} | ratio | least | most |`,
    '|---|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

/** One request after the other. */
async function measure({ name, prepare, answer }: Contestant, requests: number): Promise<number> {
  const prepared = await Promise.all(Array.from({ length: requests }, () => prepare()));
  const start = performance.now();
  for (const each of prepared) {
    await answer(each).catch((cause) => {
      throw new Error(`${name} failed`, { cause });
    });
  }
  return (performance.now() - start) / requests;
}

const sorted = (measured: readonly number[]) => measured.toSorted((a, b) => a - b);
const median = (measured: readonly number[]) =>
  sorted(measured)[Math.floor(measured.length / 2)] ?? 0;

function row(name: string, measured: readonly number[], floor: number): string {
  const [least = 0, most = 0] = [sorted(measured)[0], sorted(measured).at(-1)];
  const middle = median(measured);
  const cells = [middle, middle - floor, middle / floor, least, most];
  return `| ${[name, ...cells.map((cell) => cell.toFixed(3))].join(' | ')} |`;
}
