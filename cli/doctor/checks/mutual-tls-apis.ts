import { notChecked, ok, problem, type Verdict } from '../findings/finding.ts';
import {
  referenced,
  resourcesOf,
  type Template,
  type TemplateResource,
} from '../template/template.ts';

/** What to do about a default endpoint that is on. */
export const switchOff =
  'Set disableExecuteApiEndpoint: true on the API, or callers go round mutual TLS by its execute-api name.';

/**
 * What a template says of the default endpoints of the APIs behind mutual TLS (RFC 8705 §2);
 * nothing where it has no mutual TLS.
 */
export function mutualTlsApiVerdicts(template: Template): readonly Verdict[] {
  return resourcesOf(template, ...types.domain)
    .filter(({ properties }) => properties.MutualTlsAuthentication !== undefined)
    .flatMap((domain) => domainVerdicts(template, domain));
}

/** Says that an API may be behind mutual TLS where the template does not define its domain. */
export function foreignDomainVerdicts(template: Template): readonly Verdict[] {
  const domains = resourcesOf(template, ...types.domain);
  const isForeign = mappingsOf(template).some(({ domain }) => !isOf(domains, domain));
  return isForeign ? [domainElsewhere(template.name)] : [];
}

function domainVerdicts(template: Template, { id }: TemplateResource): readonly Verdict[] {
  const apis = resourcesOf(template, ...types.api);
  const mapped = mappingsOf(template).filter(({ domain }) => domain === id);
  // Without a mapping in the template, any API may be behind the domain.
  const behind =
    mapped.length === 0 ? apis : apis.filter((found) => mapped.some(({ api }) => api === found.id));
  const isElsewhere = behind.length === 0 || mapped.some(({ api }) => !isOf(apis, api));
  return [
    ...behind.map((api) => endpointVerdict(api, template.name)),
    ...(isElsewhere ? [apiElsewhere(id, template.name)] : []),
  ];
}

const types = {
  domain: ['AWS::ApiGatewayV2::DomainName', 'AWS::ApiGateway::DomainName'],
  mapping: ['AWS::ApiGatewayV2::ApiMapping', 'AWS::ApiGateway::BasePathMapping'],
  api: ['AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi'],
};

/** Which domain leads to which API; undefined where the template does not define it. */
interface Mapping {
  readonly domain: string | undefined;
  readonly api: string | undefined;
}

function mappingsOf(template: Template): readonly Mapping[] {
  return resourcesOf(template, ...types.mapping).map(({ properties }) => ({
    domain: referenced(properties.DomainName),
    api: referenced(properties.ApiId ?? properties.RestApiId),
  }));
}

const isOf = (resources: readonly TemplateResource[], wanted: string | undefined): boolean =>
  resources.some(({ id }) => id === wanted);

function endpointVerdict({ id, properties }: TemplateResource, stack: string): Verdict {
  const what = `The API ${id} of the stack ${stack} has mutual TLS`;
  const isDisabled = properties.DisableExecuteApiEndpoint ?? false;
  if (isDisabled === true || isDisabled === 'true') {
    return ok(`${what}, and its default endpoint is off.`);
  }
  if (isDisabled === false || isDisabled === 'false') {
    return problem(`${what}, and its default endpoint is on.`, switchOff);
  }
  return notChecked(
    `${what}, and whether its default endpoint is off is a parameter.`,
    'Look at its value in CloudFormation: DisableExecuteApiEndpoint must be true.',
  );
}

function apiElsewhere(domain: string, stack: string): Verdict {
  return notChecked(
    `The domain ${domain} of the stack ${stack} has mutual TLS, and its API is not in that template.`,
    'Look at that API: its DisableExecuteApiEndpoint must be true.',
  );
}

function domainElsewhere(stack: string): Verdict {
  return notChecked(
    `The stack ${stack} has an API behind a domain that is not in its template.`,
    'Look at that domain: if it has mutual TLS, the DisableExecuteApiEndpoint of the API must be true.',
  );
}
