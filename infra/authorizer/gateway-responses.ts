import { Annotations, Lazy } from 'aws-cdk-lib';
import {
  type CfnGatewayResponse,
  GatewayResponse,
  type IRestApi,
  ResponseType,
} from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../settings/configuration-error.ts';
import { type ChallengeOptions, checkAllowOrigins } from './challenge-options.ts';
import {
  type ChallengeProps,
  contradictions,
  tellsNonces,
  withoutCredentials,
} from './challenges.ts';
import { doubledResponses } from './checks/doubled-responses.ts';
import { readApp } from './template/app-template.ts';
import { elementName } from './template/references.ts';

/** What an authorizer wants a REST API to answer. */
export type GatewayResponseProps = ChallengeProps & Pick<ChallengeOptions, 'deployment'>;

/** The gateway responses of one REST API, and the authorizers that they answer for. */
interface Answered {
  readonly responses: readonly GatewayResponse[];
  readonly members: ChallengeProps[];
}

/** An API has one answer of each kind, whoever asks for it. */
const answeredApis = new WeakMap<IRestApi, Answered>();

/**
 * Makes a REST API answer 401 and 403 with the challenges of RFC 6750 §3 and RFC 9449 §7.1, §9. It has one
 * status for all that its authorizers deny: 403, but 401 where nonces are required, since RFC 9449 §9 asks
 * for a nonce with 401. Where several authorizers ask for it, they share the answers.
 * @throws ConfigurationError when the API has gateway responses by these names already
 */
export function addGatewayResponses(
  scope: Construct,
  restApi: IRestApi,
  props: GatewayResponseProps,
): void {
  checkAllowOrigins(props.allowOrigins);
  const { responses, members } = answeredApis.get(restApi) ?? answer(restApi, props);
  members.push(props);
  answeredApis.set(restApi, { responses, members });
  scope.node.addValidation({
    validate: () => [
      ...contradictions(restApi.node.path, members[0], props),
      ...doubledResponses(readApp(scope), responses.map(resourceName)),
    ],
  });
  deploy(scope, restApi, { responses, deployment: props.deployment });
}

const resourceName = ({ node }: GatewayResponse): string =>
  elementName(node.defaultChild as CfnGatewayResponse);

function answer(restApi: IRestApi, props: ChallengeProps): Answered {
  const members: ChallengeProps[] = [];
  const challenge = Lazy.string({ produce: () => `'${withoutCredentials(members)}'` });
  const nonces = tellsNonces(props);
  const cors = readableBy(props);
  const add = (id: string, type: ResponseType, statusCode: string, headers = {}) => {
    checkFree(restApi, id);
    const responseHeaders = { ...headers, ...cors };
    return new GatewayResponse(restApi, id, { restApi, type, statusCode, responseHeaders });
  };
  const responses = [
    add('Unauthorized', ResponseType.UNAUTHORIZED, '401', { 'WWW-Authenticate': challenge }),
    add('AccessDenied', ResponseType.ACCESS_DENIED, nonces ? '401' : '403', {
      'WWW-Authenticate': 'context.authorizer.wwwAuthenticate',
      ...(nonces && { 'DPoP-Nonce': 'context.authorizer.dpopNonce' }),
    }),
    // Without a header of its own a script would take this for a network that is down.
    ...(cors ? [add('AuthorizerFailure', ResponseType.AUTHORIZER_FAILURE, '500')] : []),
  ];
  return { responses, members };
}

/** The headers by which scripts of other pages may read an answer (Fetch §3.2.3), as static texts. */
function readableBy(props: ChallengeProps): Readonly<Record<string, string>> | undefined {
  const [origin] = props.allowOrigins ?? [];
  if (origin === undefined) return undefined;
  const exposed = ['WWW-Authenticate', ...(tellsNonces(props) ? ['DPoP-Nonce'] : [])].join(', ');
  return {
    'Access-Control-Allow-Origin': `'${origin}'`,
    'Access-Control-Expose-Headers': `'${exposed}'`,
  };
}

function checkFree({ node }: IRestApi, id: string): void {
  if (!node.tryFindChild(id)) return;
  throw new ConfigurationError(
    `"${node.path}" has a gateway response "${id}" of its own, which addChallenges() makes: leave yours out.`,
  );
}

/** What changes in an API counts from its next deployment on. That of an API of this app is made anew by itself. */
function deploy(
  scope: Construct,
  restApi: IRestApi,
  { responses, deployment }: Pick<Answered, 'responses'> & Pick<ChallengeOptions, 'deployment'>,
): void {
  if (deployment) {
    deployment.node.addDependency(...responses);
    const headers = responses.map(({ node }) => Object(node.defaultChild).responseParameters);
    deployment.addToLogicalId({ challenges: headers });
  } else if (!restApi.latestDeployment) {
    Annotations.of(scope).addWarningV2(
      'countersign:challenges-await-deployment',
      `the challenges of "${restApi.node.path}" count from its next deployment on, and none is made here: pass ` +
        'your Deployment by addChallenges(restApi, { deployment }), or run after each change: ' +
        'aws apigateway create-deployment --rest-api-id ID --stage-name STAGE',
    );
  }
}
