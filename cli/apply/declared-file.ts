import type { Document, LineCounter } from 'yaml';
import type { Path, Problem } from '../../registry/declared/problem.ts';
import { CliError } from '../io/cli-error.ts';
import { isTooDeep } from '../io/nesting.ts';

/** A file of clients and resource servers. */
export interface DeclaredFile {
  /** What is in it; its form is not looked at. */
  readonly value: unknown;
  /** On which line something stands; of what is not there, where it belongs. */
  readonly lineOf: (path: Path) => number | undefined;
}

/**
 * Reads YAML, and JSON, which is some of it (YAML 1.2).
 * @throws CliError that names the line, when it is neither
 */
export async function readDeclaredFile(text: string): Promise<DeclaredFile> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = [...document.errors, ...document.warnings];
  if (error) {
    const { line } = lines.linePos(error.pos[0]);
    throw new CliError(`line ${line} of the file is no YAML: ${error.message}`, 2);
  }
  const value: unknown = contentsOf(document);
  if (isTooDeep(value)) throw new CliError('the file is nested too deeply', 2);
  return { value, lineOf: (path) => lineIn(document, lines, numbered(path, value)) };
}

function contentsOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new CliError('the file has too many aliases, or one of nothing', 2);
  }
}

/** A problem with the line on which it is. */
export interface PlacedProblem extends Pick<Problem, 'place' | 'sentence'> {
  readonly line?: number | undefined;
}

/** Says on which line of the file a problem is. */
export const placed = ({ path, place, sentence }: Problem, file: DeclaredFile): PlacedProblem => {
  const line = file.lineOf(path);
  return { place, ...(line !== undefined && { line }), sentence };
};

const idMembers: Readonly<Record<string, string>> = {
  clients: 'client_id',
  resource_servers: 'resource',
};

/** A path in which the id of a record may stand for its number. */
function numbered([list, id, ...rest]: Path, value: unknown): Path {
  if (list === undefined || id === undefined) return list === undefined ? [] : [list];
  const member = idMembers[list];
  if (typeof id === 'number' || member === undefined) return [list, id, ...rest];
  const records: unknown = Object(value)[list];
  const index = Array.isArray(records)
    ? records.findIndex((one) => Object(one)[member] === id)
    : -1;
  return [list, index, ...rest];
}

function lineIn(document: Document, lines: LineCounter, path: Path): number | undefined {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  const range: unknown = Object(node).range;
  if (Array.isArray(range)) return lines.linePos(Number(range[0])).line;
  return path.length === 0 ? undefined : lineIn(document, lines, path.slice(0, -1));
}
