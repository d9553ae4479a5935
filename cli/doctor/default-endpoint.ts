import type { Examination } from './examination.ts';
import { judged, notChecked, ok, problem, type Verdict } from './finding.ts';
import type { TemplateSource } from './subject.ts';
import { referenced, resourcesOf, type Template, type TemplateResource } from './template.ts';
import { available } from './trouble.ts';
import { documentUrl } from './well-known.ts';

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
  if (announced) return [unknownEndpoint];
  return [metadata || looks.length > 0 ? ok('There is no mutual TLS.') : unknown];
}

async function stackVerdicts(
  { ask }: Examination,
  { read, apiEndpoint }: TemplateSource,
  announced: boolean,
): Promise<readonly Verdict[]> {
  const verdicts = templateVerdicts(await read());
  const isOn = verdicts.length > 0 || announced;
  if (!isOn || apiEndpoint === undefined) return verdicts;
  const url = documentUrl(apiEndpoint, 'oauth-authorization-server');
  const answer = await available(ask({ url }));
  if (answer?.status !== 200) return [...verdicts, ok(`${apiEndpoint} does not answer.`)];
  const what = `There is mutual TLS, and ${apiEndpoint} answers without it.`;
  return [...verdicts, problem(what, switchOff)];
}

/** What a template says; nothing where it has no mutual TLS. */
function templateVerdicts(template: Template): readonly Verdict[] {
  return guardedApis(template).map(({ id, properties }) => {
    const what = `The API ${id} of the stack ${template.name}`;
    if (String(properties.DisableExecuteApiEndpoint) === 'true') {
      return ok(`${what} has mutual TLS, and its default endpoint is off.`);
    }
    return problem(`${what} has mutual TLS, and its default endpoint is on.`, switchOff);
  });
}

const switchOff =
  'Set disableExecuteApiEndpoint: true on the API, or callers go round mutual TLS by its execute-api name.';

/** The APIs behind a domain with mutual TLS; all of them where the template does not say which. */
function guardedApis(template: Template): readonly TemplateResource[] {
  const domains = resourcesOf(
    template,
    'AWS::ApiGatewayV2::DomainName',
    'AWS::ApiGateway::DomainName',
  ).filter(({ properties }) => properties.MutualTlsAuthentication !== undefined);
  if (domains.length === 0) return [];
  const names = domains.map(({ id }) => id);
  const mapped = resourcesOf(
    template,
    'AWS::ApiGatewayV2::ApiMapping',
    'AWS::ApiGateway::BasePathMapping',
  )
    .filter(({ properties }) => names.includes(referenced(properties.DomainName) ?? ''))
    .map(({ properties }) => referenced(properties.ApiId ?? properties.RestApiId));
  const apis = resourcesOf(template, 'AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi');
  const behind = apis.filter(({ id }) => mapped.includes(id));
  return behind.length > 0 ? behind : apis;
}

const unknownEndpoint = notChecked(
  'There is mutual TLS, and nobody knows the URL that API Gateway gave the API.',
  'Name the stack with --stack, or the stacks of APIs with --api-stack.',
);

const unknown = notChecked(
  'Neither metadata nor a template tell whether there is mutual TLS.',
  'See to what issuer says first.',
);
