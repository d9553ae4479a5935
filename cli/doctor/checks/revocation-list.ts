import { revocationListType } from '../../../functions/oauth/revocation-list.ts';
import { header } from '../../io/http.ts';
import type { DatedAnswer, Examination } from '../examination/examination.ts';
import { fetchList, readList } from '../examination/published-list.ts';
import { faultsOr, problem, type Verdict, warning } from '../findings/finding.ts';
import { quoted, shortened } from '../findings/foreign-value.ts';

/** Seconds that a cache may keep it: more would be added to the time of each revocation. */
const longestKept = 1;
/** Seconds that clocks may differ by. */
const skew = 60;

/** Whether verifiers can read the revocation list, believe it, and get it fresh. */
export async function checkRevocationList(examination: Examination): Promise<readonly Verdict[]> {
  const answer = await fetchList(examination);
  const { claims, typ } = await readList(examination, answer);
  const url = await examination.endpoint('revocation_list_uri');
  const faults = [
    ...same('typ', typ, revocationListType),
    ...same('iss', claims.iss, examination.subject.issuer),
    ...same('sub', claims.sub, url.href),
    ...timeFaults(claims, answer.at),
    ...cacheFaults(answer),
    ...(await unchangedFaults(examination, answer)),
  ];
  return faultsOr(
    faults,
    'The revocation list is fresh, for this issuer, and signed by a published key.',
  );
}

const lead = 'Let the revocation_list_uri lead to the same deployment as the metadata.';

const same = (name: string, value: unknown, wanted: string): readonly Verdict[] =>
  value === wanted
    ? []
    : [
        problem(
          `The revocation list has the ${name} ${quoted(value)}, not ${quoted(wanted)}.`,
          lead,
        ),
      ];

function timeFaults(
  { iat, exp }: { iat?: unknown; exp?: unknown },
  at: number,
): readonly Verdict[] {
  const [issued, ends] = [Number(iat), Number(exp)];
  if (ends <= at) {
    const what = `The revocation list has expired ${Math.round(at - ends)} s ago by the clock of this computer.`;
    return [problem(what, `${past} If there is none, set the clock of this computer by NTP.`)];
  }
  if (issued <= at + skew && Number.isFinite(ends)) return [];
  const what =
    'The revocation list is from the future by the clock of this computer, or has no times.';
  return [problem(what, 'Set the clock of this computer by NTP; AWS keeps its own.')];
}

const past = 'Take the cache away that is in front of it: a list is made anew each half a minute.';

function cacheFaults(answer: DatedAnswer): readonly Verdict[] {
  const directives = header(answer, 'cache-control') ?? '';
  const [, kept] = /\bmax-age="?(\d+)/i.exec(directives) ?? [];
  const age = Number(header(answer, 'age') ?? 0);
  return [
    ...(Number(kept) <= longestKept ? [] : [keptTooLong(directives)]),
    ...(age <= longestKept ? [] : [keptInFact(age)]),
    ...(header(answer, 'etag') ? [] : [noEtag]),
  ];
}

const keptTooLong = (directives: string): Verdict =>
  problem(
    `The revocation list has ${directives ? `Cache-Control: ${shortened(directives)}` : 'no Cache-Control'}, so that it may be kept for long.`,
    'Let its `max-age=1` through: what a cache keeps longer adds to the time of each revocation.',
  );

const keptInFact = (age: number): Verdict =>
  problem(`A cache has had the revocation list for ${age} s (its Age).`, past);

const noEtag = warning(
  'The revocation list has no ETag.',
  'Let its ETag through, so that an unchanged list is not sent again.',
);

/** RFC 9110 §13.1.2. Where the list has just been made anew, it is sent again, and that is right. */
async function unchangedFaults(
  { ask, endpoint }: Examination,
  answer: DatedAnswer,
): Promise<readonly Verdict[]> {
  const etag = header(answer, 'etag');
  if (etag === undefined) return [];
  const url = await endpoint('revocation_list_uri');
  const again = await ask({ url, headers: [['If-None-Match', etag]] });
  if (again.status === 304 || header(again, 'etag') !== etag) return [];
  return [
    warning(
      `The revocation list is answered ${again.status} where it has not changed, not 304.`,
      'Let `If-None-Match` through, so that an unchanged list is not sent again.',
    ),
  ];
}
