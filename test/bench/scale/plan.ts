import type { Measured, Plan } from '../report/rounds.ts';
import type { EmulatorFigure } from './emulator.ts';
import type { TokenFigure } from './token-requests.ts';

/** How far the bench goes, and how long it takes. */
export interface ScalePlan extends Omit<Plan, 'requests'> {
  /** How many clients are registered, from the fewest to the most. */
  readonly clients: readonly number[];
  /** How many are registered where connections are compared. */
  readonly usualClients: number;
  /** How many connections, from the fewest to the most. */
  readonly connections: readonly number[];
  /** How many connections there are where the emulator is called alone. */
  readonly usualConnections: number;
  /** Requests a round: over one connection, and over many. */
  readonly requests: { readonly one: number; readonly many: number };
}

/** What the bench has measured. */
export interface ScaleMeasured {
  readonly clients: Measured<TokenFigure>;
  readonly connections: Measured<TokenFigure>;
  readonly emulator: Measured<EmulatorFigure>;
}

/** What a contestant is called that has so many clients registered. */
export const clientsRow = (clients: number, cached: boolean): string =>
  `${count(clients, 'client')}${cached ? ', cached' : ''}`;

/** What a contestant is called that has so many connections. */
export const connectionsRow = (connections: number): string => count(connections, 'connection');

const count = (number: number, what: string): string =>
  `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
