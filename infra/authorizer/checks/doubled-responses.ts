import { apiNameOf } from '../apis/api.ts';
import type { AppTemplate } from '../template/app-template.ts';
import type { TemplateResource } from '../template/parts.ts';
import { asText } from '../template/written-out.ts';

/**
 * Finds gateway responses that an app makes twice, of which a deployment takes the one or fails.
 * @param names of those that challenges are in
 * @returns one sentence for each
 */
export function doubledResponses(
  { resources, named }: AppTemplate,
  names: readonly string[],
): string[] {
  return names
    .flatMap((name) => named.get(name) ?? [])
    .flatMap((own) => {
      const { api, type } = answerOf(own);
      const others = resources.filter(
        (other) => other.name !== own.name && isAnswerOf(other, { api, type }),
      );
      return others.map(
        ({ path }) =>
          `"${path}" makes the gateway response ${type} of an API to which addChallenges() adds it, too: leave yours out, ` +
          'or call addChallenges() for one construct of the API alone.',
      );
    });
}

interface Answer {
  readonly api: string;
  readonly type: string;
}

const answerOf = ({ properties }: TemplateResource): Answer => ({
  api: apiNameOf(asText(properties.RestApiId)),
  type: asText(properties.ResponseType),
});

function isAnswerOf(resource: TemplateResource, { api, type }: Answer): boolean {
  if (resource.type === 'AWS::ApiGateway::RestApi') {
    const { [defined]: responses } = Object(resource.properties.Body);
    return resource.name === api && type in Object(responses);
  }
  const its = answerOf(resource);
  return (
    resource.type === 'AWS::ApiGateway::GatewayResponse' && its.api === api && its.type === type
  );
}

const defined = 'x-amazon-apigateway-gateway-responses';
