import { isLoopback } from '../../../functions/oauth/secure-url.ts';
import { documentUrl } from '../../command/metadata-document.ts';
import { jsonObject } from '../../io/json-answer.ts';
import type { DatedAnswer, Examination } from '../examination/examination.ts';
import { CannotCheck, judged, notChecked, ok, problem, type Verdict } from '../findings/finding.ts';
import { available, seeTo } from '../findings/trouble.ts';
import type { TemplateSource } from '../template/template-source.ts';
import { foreignDomainVerdicts, mutualTlsApiVerdicts, switchOff } from './mutual-tls-apis.ts';

/**
 * Whether an API behind mutual TLS can be reached without it, under the name that API Gateway
 * itself gives each API (RFC 8705 §2).
 */
export async function checkDefaultEndpoint(examination: Examination): Promise<readonly Verdict[]> {
  const metadata = await available(examination.document('oauth-authorization-server'));
  const announced = metadata?.json.mtls_endpoint_aliases !== undefined;
  const looks = examination.subject.templates.map((source) =>
    judged(() => stackVerdicts(examination, source, announced)),
  );
  const verdicts = (await Promise.all(looks)).flat();
  if (verdicts.length > 0) return verdicts;
  if (announced) return [isLocalStack(examination) ? noOtherEndpoint : unknownEndpoint];
  if (looks.length > 0) return [ok('There is no mutual TLS.')];
  return [metadata ? ok('The metadata announce no mutual TLS.') : nothingKnown];
}

/** Whether this is the local stack, where no API Gateway gives an API a further URL. */
const isLocalStack = ({ subject: { issuer, templates } }: Examination): boolean => {
  const url = URL.parse(issuer);
  return url !== null && isLoopback(url) && templates.length > 0;
};

async function stackVerdicts(
  { ask }: Examination,
  { read, apiEndpoint }: TemplateSource,
  announced: boolean,
): Promise<readonly Verdict[]> {
  const template = await read();
  const guarded = mutualTlsApiVerdicts(template);
  const verdicts = [...guarded, ...foreignDomainVerdicts(template)];
  const isOn = guarded.length > 0 || announced;
  if (!isOn || apiEndpoint === undefined) return verdicts;
  const url = documentUrl(apiEndpoint, 'oauth-authorization-server');
  return [...verdicts, await endpointVerdict(apiEndpoint, ask({ url }))];
}

async function endpointVerdict(endpoint: string, asked: Promise<DatedAnswer>): Promise<Verdict> {
  try {
    const answer = await asked;
    if (isSwitchedOff(answer)) return ok(`${endpoint} is switched off.`);
    if (answer.status !== 200) return untold(`${endpoint} answers ${answer.status}`);
    return problem(`There is mutual TLS, and ${endpoint} answers without it.`, switchOff);
  } catch (error) {
    if (error instanceof CannotCheck) return untold(error.verdict.what.replace(/\.$/, ''));
    throw error;
  }
}

/** What API Gateway answers in place of an API whose default endpoint is off: status and message. */
const switchedOff: ReadonlyMap<number, string> = new Map([
  [403, 'Forbidden'],
  [404, 'Not Found'],
]);

function isSwitchedOff(answer: DatedAnswer): boolean {
  const message = switchedOff.get(answer.status);
  try {
    return message !== undefined && jsonObject(answer).message === message;
  } catch {
    return false;
  }
}

function untold(what: string): Verdict {
  return notChecked(
    `${what}, which does not tell whether it is switched off.`,
    'Look at the DisableExecuteApiEndpoint of the API, or try again.',
  );
}

const noOtherEndpoint = ok(
  'There is mutual TLS, and on this computer no gateway that gives the API a URL.',
);

const unknownEndpoint = notChecked(
  'There is mutual TLS, and nobody knows the URL that API Gateway gave the API.',
  'Name the stack with --stack, or the stacks of APIs with --api-stack.',
);

const nothingKnown = notChecked(
  'Neither metadata nor a template tell whether there is mutual TLS.',
  seeTo('issuer'),
);
