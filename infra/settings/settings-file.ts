import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  evaluate,
  type MemberNode,
  type ObjectNode,
  parse,
  type StringNode,
  type ValueNode,
} from '@humanwhocodes/momoa';
import * as v from 'valibot';
import { type Chosen, type SettingTable, unknownSetting } from './configuration.ts';
import { ConfigurationError, wrongValue } from './configuration-error.ts';

/** What a file is called that keeps an owner's settings. */
export const settingsFileName = 'countersign.json';

/** What may stand in the file beside the settings: where an editor finds their names and values. */
const schemaMember = '$schema';

/**
 * Reads the settings that a file has. Paths in it are relative to its folder.
 * @throws ConfigurationError that begins with the file, the line and the column
 */
export function readSettingsFile<Table extends SettingTable>(
  file: string,
  table: Table,
): Chosen<Table> {
  const place = resolve(file);
  const { body } = parsed(textOf(file, place), file);
  if (body.type !== 'Object') throw at(file, body, 'must have one JSON object in it: { ... }.');
  checkOnce(file, body);
  const settings = body.members
    .map((member) => settingOf(file, member, table))
    .filter(([name]) => name !== schemaMember);
  // The cast: each value has been checked by the entry of its name.
  return withAbsolutePaths(Object.fromEntries(settings), dirname(place)) as Chosen<Table>;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; npx countersign init makes an app with one',
  EACCES: 'you may not read it',
  EISDIR: 'it is a folder',
};

function textOf(file: string, place: string): string {
  try {
    // Without the byte order mark that some editors begin a file with (RFC 8259 §8.1).
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(place));
  } catch (cause) {
    const { code = '', name } = cause as NodeJS.ErrnoException;
    const reason = reasons[code] ?? (name === 'TypeError' ? 'it is no text in UTF-8' : code);
    throw new ConfigurationError(`The settings in ${file} cannot be read: ${reason}.`, { cause });
  }
}

/** Where something stands in a file, counted from 1. */
interface Place {
  readonly loc: { readonly start: { readonly line: number; readonly column: number } };
}

const at = (file: string, { loc: { start } }: Place, sentence: string): ConfigurationError =>
  new ConfigurationError(`${file}:${start.line}:${start.column}: ${sentence}`);

function parsed(text: string, file: string) {
  try {
    return parse(text, { mode: 'json' });
  } catch (cause) {
    const { message, line, column } = cause as Error & { line: number; column: number };
    const what = message
      .replace(/\.?\s*\(\d+:\d+\)$/, '')
      .replace(/token (\w+)/, (_, token: string) => tokens[token] ?? token);
    throw new ConfigurationError(`${file}:${line}:${column}: is no JSON from here on: ${what}.`, {
      cause,
    });
  }
}

/** Words of the parser -> what stands there. */
const tokens: Readonly<Record<string, string>> = {
  String: 'text',
  Number: 'number',
  LBrace: '{',
  RBrace: '}',
  LBracket: '[',
  RBracket: ']',
  Comma: ',',
  Colon: ':',
};

const nameOf = ({ name }: MemberNode): string => (name as StringNode).value;

/** JSON leaves open which of two counts; nobody should have to know. */
function checkOnce(file: string, { members }: ObjectNode): void {
  const again = members.find(
    (member, index) => members.findIndex((other) => nameOf(other) === nameOf(member)) < index,
  );
  if (again) throw at(file, again.name, `${nameOf(again)} is set twice: take one of both out.`);
}

function settingOf(
  file: string,
  member: MemberNode,
  table: SettingTable,
): readonly [name: string, value: unknown] {
  const name = nameOf(member);
  if (name === schemaMember) return [name, undefined];
  const check = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!check) throw at(file, member.name, unknownSetting(name, table));
  const value: unknown = evaluate(member.value as ValueNode);
  const result = v.safeParse(check.schema, value);
  if (result.success) return [name, result.output];
  throw at(file, member.value, wrongValue(name, value, check.rule).message);
}

const withAbsolutePaths = (settings: Readonly<Record<string, unknown>>, folder: string) =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      paths.includes(name) && typeof value === 'string' ? resolve(folder, value) : value,
    ]),
  );

/** The settings that are paths. */
const paths: readonly string[] = ['mtlsTruststore', 'claimsHook'];
