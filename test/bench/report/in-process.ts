import type { Table } from './report.ts';
import type { Contestant, Measured } from './rounds.ts';

/** What answers requests within this process. */
export interface Answering {
  readonly name: string;
  /** Makes a request; not measured. */
  prepare(): Promise<unknown>;
  /** Answers a request that was made. @throws Error when the answer is not a success */
  answer(prepared: unknown): Promise<void>;
}

/**
 * A contestant that answers so many requests a round, one after the other.
 * @returns microseconds of processor time a request, of all threads
 */
export function inProcess(answering: Answering, requests: number): Contestant<'cpu'> {
  return {
    name: answering.name,
    async round() {
      const prepared = await Promise.all(
        Array.from({ length: requests }, () => answering.prepare()),
      );
      const start = process.cpuUsage();
      for (const each of prepared) await answering.answer(each);
      const { user, system } = process.cpuUsage(start);
      return { cpu: (user + system) / requests };
    },
  };
}

/** A table of what inProcess has measured. */
export const cpuTable = (
  title: string,
  measured: Measured<'cpu'>,
  against: string,
): Table<'cpu'> => ({
  title,
  measured,
  figures: { cpu: { heading: 'CPU, us a request', digits: 1 } },
  against,
});
