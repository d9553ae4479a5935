import type { JsonObject } from '../json-input.ts';
import { RegistryError } from '../registry-error.ts';

/** A JSON value of another system, and where it is from. */
export interface ForeignDocument {
  readonly place: string;
  readonly value: unknown;
}

/** One record of a document. */
export interface ForeignRecord {
  readonly place: string;
  readonly value: JsonObject;
}

/** A secret as another system keeps it: in the clear, or the text of its hash. */
export type ForeignSecret = ({ readonly plain: string } | { readonly hash: string }) & {
  /** NumericDate; absent: it does not expire. */
  readonly expires_at?: number | undefined;
};

/** What a client may have at an audience; without one, at the API that the importer names. */
export interface ForeignGrant {
  readonly audience?: string | undefined;
  readonly scopes: readonly string[];
}

/** A client of another system, as far as it can be one of ours. Nothing of it is checked yet. */
export interface ForeignClient {
  readonly client_id: string;
  /** The other members of a declared client. */
  readonly members: JsonObject;
  readonly grants: readonly ForeignGrant[];
  /** Whether its requests may name an audience. @default false */
  readonly namesAudiences?: boolean | undefined;
  readonly secrets: readonly ForeignSecret[];
  /** What does not come along, or will be otherwise: a sentence each. */
  readonly notes: readonly string[];
}

/** An API of another system. */
export interface ForeignResourceServer {
  readonly audience: string;
  readonly scopes: readonly string[];
  /** Seconds. */
  readonly access_token_lifetime?: number | undefined;
  readonly members?: JsonObject | undefined;
  readonly notes?: readonly string[] | undefined;
}

/** A record that stays where it is, for it is not for machines. */
export interface LeftOut {
  readonly id: string;
  readonly reason: string;
}

/** A record that cannot come, and why: `place` says which. */
export interface ImportProblem {
  readonly place: string;
  /** The client_id or the identifier, where it is known. */
  readonly id?: string | undefined;
  readonly sentence: string;
}

/** With the place where it was read. */
export type Placed<Kind> = Kind & { readonly place: string };

/** What documents of a source say. */
export interface Reading {
  readonly clients: readonly Placed<ForeignClient>[];
  readonly servers: readonly Placed<ForeignResourceServer>[];
  readonly leftOut: readonly Placed<LeftOut>[];
  readonly problems: readonly ImportProblem[];
}

/** Reads the documents of one system. */
export type ReadSource = (documents: readonly ForeignDocument[]) => Reading;

/** What one record turns out to be; undefined: nothing that is imported, nor missed. */
export type ReadRecord = (
  value: JsonObject,
) =>
  | { readonly client: ForeignClient }
  | { readonly server: ForeignResourceServer }
  | { readonly leftOut: LeftOut }
  | undefined;

/** A record of a client or an API that cannot come along; tells why. */
export class Unreadable extends RegistryError {
  readonly id: string | undefined;

  constructor(sentence: string, id?: string) {
    super('input', sentence);
    this.id = id;
  }
}

/** Reads records, each for itself: one that cannot be read is a problem, and the others are read all the same. */
export function readRecords(records: readonly ForeignRecord[], read: ReadRecord): Reading {
  const found = records.map((record) => readOne(record, read));
  return {
    clients: found.flatMap(({ client }) => client ?? []),
    servers: found.flatMap(({ server }) => server ?? []),
    leftOut: found.flatMap(({ leftOut }) => leftOut ?? []),
    problems: found.flatMap(({ problem }) => problem ?? []),
  };
}

interface Found {
  readonly client?: Placed<ForeignClient>;
  readonly server?: Placed<ForeignResourceServer>;
  readonly leftOut?: Placed<LeftOut>;
  readonly problem?: ImportProblem;
}

function readOne({ place, value }: ForeignRecord, read: ReadRecord): Found {
  try {
    const [[kind, record] = []] = Object.entries(read(value) ?? {});
    return kind ? { [kind]: { ...record, place } } : {};
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { problem: { place, id: error.id, sentence: error.message } };
  }
}

/** Both readings as one. */
export const joined = (one: Reading, other: Reading): Reading => ({
  clients: [...one.clients, ...other.clients],
  servers: [...one.servers, ...other.servers],
  leftOut: [...one.leftOut, ...other.leftOut],
  problems: [...one.problems, ...other.problems],
});

/** A reading that only says what is wrong with a document. */
export const problemsOnly = (problems: readonly ImportProblem[]): Reading => ({
  clients: [],
  servers: [],
  leftOut: [],
  problems,
});
