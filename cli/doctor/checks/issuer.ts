import { isSecureUrl } from '../../../functions/oauth/secure-url.ts';
import { type DocumentName, documentNames, documentUrl } from '../../command/metadata-document.ts';
import type { DatedJson, Examination } from '../examination/examination.ts';
import { hasUser } from '../examination/metadata.ts';
import { faultsOr, judged, problem, type Verdict, warning } from '../findings/finding.ts';
import { quoted, shownUrl } from '../findings/foreign-value.ts';

/**
 * Whether both metadata documents name the issuer as it was asked for, to the byte
 * (RFC 8414 §3.3), and endpoints that can be trusted.
 */
export async function checkIssuer(examination: Examination): Promise<readonly Verdict[]> {
  const { issuer } = examination.subject;
  const verdicts = await Promise.all(
    documentNames.map((name) => judged(() => documentFaults(examination, name))),
  );
  const faults = verdicts.flat();
  if (faults.length === 0 && issuer.endsWith('/')) return [trailingSlash(issuer)];
  return faultsOr(faults, `Both metadata documents say ${issuer}, to the byte.`);
}

async function documentFaults(
  { subject, document }: Examination,
  name: DocumentName,
): Promise<readonly Verdict[]> {
  const { json } = await document(name);
  const where = `The metadata at ${documentUrl(subject.issuer, name).href}`;
  if (json.issuer !== subject.issuer) return [otherIssuer(where, json.issuer, subject.issuer)];
  return ['token_endpoint', 'jwks_uri'].flatMap((member) =>
    endpointFaults(`${where} give as ${member}`, json[member], subject.issuer),
  );
}

function otherIssuer(where: string, said: DatedJson['json'][string], asked: string): Verdict {
  const spelled = said === undefined ? 'no issuer' : `the issuer ${quoted(said)}`;
  return problem(
    `${where} name ${spelled}, not ${quoted(asked)}.`,
    'Verifiers compare it byte by byte: write one spelling everywhere, and set it with `npx cdk deploy -c issuer=URL`.',
  );
}

function endpointFaults(where: string, value: unknown, issuer: string): readonly Verdict[] {
  const url = typeof value === 'string' ? URL.parse(value) : undefined;
  if (url && hasUser(url)) {
    const remedy = 'Take it out, and change that password: the metadata are public.';
    return [problem(`${where} ${shownUrl(url)} with a user or a password in it.`, remedy)];
  }
  const said = quoted(value);
  if (!url || !isSecureUrl(url)) {
    const remedy = 'Let the metadata give https URLs: clients send their secrets there.';
    return [problem(`${where} ${said}, which is no https URL.`, remedy)];
  }
  if (String(value).startsWith(`${issuer.replace(/\/$/, '')}/`)) return [];
  const remedy = 'Make sure that this host is yours, or let the issuer itself serve it.';
  return [warning(`${where} ${said}, which is not under the issuer.`, remedy)];
}

function trailingSlash(issuer: string): Verdict {
  return problem(
    `The issuer ${issuer} ends in a slash.`,
    'Set it without: many a client and verifier drops the slash, and then nothing compares equal.',
  );
}
