import type { RecordedReport } from '../report/report.ts';
import type { Plan } from '../report/rounds.ts';

/** What is measured, and what it is called in lines of progress. */
export interface Run {
  readonly name: string;
  readonly plan: Plan;
  readonly label: string;
}

/** Where the command writes to. */
export interface Output {
  /** Writes to standard output. */
  readonly print: (text: string) => void;
  /** Writes a line to standard error. */
  readonly tell: (line: string) => void;
}

/** What the command needs of its surroundings. */
export interface Surroundings extends Output {
  readonly measure: (run: Run) => Promise<RecordedReport>;
}

/** Measures a bench by its name. */
export type Measure = (name: string) => Promise<RecordedReport>;
