import type { TemplateResource } from '../template/parts.ts';
import { asText } from '../template/written-out.ts';
import { type ApiAuthorizer, apiNameOf, secondsOf } from './api.ts';
import { definedAuthorizers } from './definitions.ts';

/** Finds the authorizers that a resource makes. What it leaves out is as API Gateway has it by default. */
export const authorizersOf = (resource: TemplateResource): readonly ApiAuthorizer[] =>
  kinds[resource.type]?.(resource) ?? [];

const kinds: Readonly<Record<string, (resource: TemplateResource) => readonly ApiAuthorizer[]>> = {
  'AWS::ApiGateway::Authorizer'(resource) {
    const { RestApiId, Type, IdentitySource, ...others } = resource.properties;
    const { AuthorizerResultTtlInSeconds: ttl = 300 } = others;
    const api = apiNameOf(asText(RestApiId));
    const type = Type === 'TOKEN' || Type === 'REQUEST' ? Type : 'UNKNOWN';
    const identitySources = asText(IdentitySource).split(/\s*,\s*/);
    return [
      { ...common(resource), api, kind: 'REST', type, seconds: secondsOf(ttl), identitySources },
    ];
  },
  'AWS::ApiGatewayV2::Authorizer'(resource) {
    const { ApiId, IdentitySource, AuthorizerResultTtlInSeconds: ttl = 0 } = resource.properties;
    const api = apiNameOf(asText(ApiId));
    const identitySources = [IdentitySource].flat().map(asText);
    const type = 'REQUEST';
    return [
      { ...common(resource), api, kind: 'HTTP', type, seconds: secondsOf(ttl), identitySources },
    ];
  },
  'AWS::ApiGateway::RestApi': definedAuthorizers,
  'AWS::ApiGatewayV2::Api': definedAuthorizers,
};

const common = ({ name, path, properties }: TemplateResource) => ({
  name,
  path,
  text: asText(properties),
});
