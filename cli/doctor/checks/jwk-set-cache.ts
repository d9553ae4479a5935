import { header } from '../../io/http.ts';
import type { Examination } from '../examination/examination.ts';
import { faultsOr, problem, type Verdict, warning } from '../findings/finding.ts';
import { shortened } from '../findings/foreign-value.ts';
import { needed } from '../findings/trouble.ts';

/** Seconds: a new key is published for a little longer than that before it signs. */
const longest = 7200;

/** Whether verifiers may keep the JWK Set, and not for too long (RFC 9111 §5.2.2). */
export async function checkJwkSetCache({ jwkSet }: Examination): Promise<readonly Verdict[]> {
  const answer = await needed(jwkSet(), 'the JWK Set');
  const directives = header(answer, 'cache-control') ?? '';
  const seconds = freshFor(directives);
  const faults = [
    ...(seconds > 0 ? [] : [notCacheable(directives)]),
    ...(seconds > longest ? [keptTooLong(seconds)] : []),
    ...(header(answer, 'etag') ? [] : [noEtag]),
  ];
  return faultsOr(faults, `The JWK Set may be kept for ${seconds} s, and has an ETag.`);
}

/** Seconds; 0: the answer may not be kept. */
function freshFor(directives: string): number {
  if (/\bno-(store|cache)\b/i.test(directives)) return 0;
  const [, seconds = '0'] = /\bmax-age="?(\d+)/i.exec(directives) ?? [];
  return Number(seconds);
}

function notCacheable(directives: string): Verdict {
  const said = directives === '' ? 'no Cache-Control' : `Cache-Control: ${shortened(directives)}`;
  return problem(
    `The JWK Set has ${said}, so that it cannot be kept.`,
    'Let it go out with `Cache-Control: public, max-age=300`, or every verification fetches it.',
  );
}

function keptTooLong(seconds: number): Verdict {
  return problem(
    `The JWK Set may be kept for ${seconds} s, longer than ${longest} s.`,
    'Shorten its max-age: tokens of a new key are refused for as long.',
  );
}

const noEtag = warning(
  'The JWK Set has no ETag.',
  'Let the ETag of the discovery function through, so that an unchanged set is not sent again.',
);
