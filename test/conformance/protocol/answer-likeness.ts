import type { Answer } from '../../../cli/io/http.ts';
import { checkSame } from '../conformance-case.ts';

/** Headers that differ from answer to answer, whatever was asked: dates, and ids of requests. */
const everNew = /date|time|age$|id$|trace|^x-amz-cf-/i;

/**
 * Checks that nobody can tell two answers apart: status, headers but those that are ever new, and
 * body are the same.
 * @throws Nonconformity
 */
export function checkAlike(what: string, answer: Answer, other: Answer): void {
  checkSame(`the status of ${what}`, answer.status, other.status);
  checkSame(`the headers of ${what}`, lastingHeaders(answer), lastingHeaders(other));
  checkSame(`the body of ${what}`, answer.body, other.body);
}

const lastingHeaders = ({ headers }: Answer): readonly string[] =>
  headers
    .map(([name, value]) => (everNew.test(name) ? name : `${name}: ${value}`).toLowerCase())
    .sort();
