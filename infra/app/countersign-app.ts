import { App, Duration, Fn, Stage } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { AuthorizationEndpointStub } from '../settings/choices/authorization-endpoint-stub.ts';
import { DpopNonce } from '../settings/choices/dpop-nonce.ts';
import { KeyCustody } from '../settings/choices/key-custody.ts';
import { SecurityProfile } from '../settings/choices/security-profile.ts';
import { SigningAlgorithm } from '../settings/choices/signing-algorithm.ts';
import { type Configuration, readConfiguration } from '../settings/configuration.ts';
import { CountersignStack, type CountersignStackProps } from './countersign-stack.ts';
import { DemoApiStack } from './demo-api-stack.ts';

/** What a program that synthesizes in its own process may say; `cdk` says it by itself. */
export interface CountersignAppProps {
  /** Settings and CDK options, as `cdk -c name=value` would give them. */
  readonly context?: Readonly<Record<string, unknown>>;
  /**
   * Where the cloud assembly is written.
   * @default CDK_OUTDIR, or a new temporary folder
   */
  readonly outdir?: string;
  /**
   * Whether the CDK checks the templates against CloudFormation's rules, which takes a second or two.
   * @default true
   */
  readonly validation?: boolean;
}

/**
 * Builds the app: stack `Countersign`, and in stage `Demo` stack `CountersignDemoApi`. The stage
 * keeps a plain `cdk deploy` to the product; `cdk deploy 'Demo/*'` adds the demo API.
 * @throws ConfigurationError when a setting is wrong.
 */
export function createApp(options: CountersignAppProps = {}): App {
  const app = new App({
    context: { ...cdkJson.context, 'aws:cdk:enable-asset-metadata': true, ...options.context },
    ...(options.outdir && { outdir: options.outdir }),
    builtinCloudFormationValidation: options.validation,
    analyticsReporting: false,
  });
  const configuration = readConfiguration(app.node.getAllContext());
  const props = stackProps(configuration);
  const { stackName, authorizationServer } = new CountersignStack(app, 'Countersign', {
    description: 'Countersign: an OAuth 2.0 authorization server for machines',
    ...props,
  });
  new DemoApiStack(new Stage(app, 'Demo'), 'CountersignDemoApi', {
    stackName: 'CountersignDemoApi',
    description: 'Countersign: an API that takes its access tokens',
    issuer: configuration.issuer ?? Fn.getStackOutput(stackName, 'Issuer'),
    audience: configuration.demoApiUrl,
    algorithms: authorizationServer.algorithms,
    security: authorizationServer.security,
    throttle: props.throttle,
  });
  return app;
}

/** Settings have the units that can be written in a context; properties have types. */
function stackProps({
  accessTokenLifetime,
  assertionMaxLifetime,
  clientCache,
  tokenReuse,
  throttle,
  tokenThrottle,
  keyRotationDays,
  profile,
  dpopNonce,
  signing,
  signingAlgorithm,
  authorizationEndpointStub: stub,
  demoApiUrl: _ofTheDemoApi,
  ...asTheyAre
}: Configuration): CountersignStackProps {
  return {
    ...asTheyAre,
    ...durationOf('accessTokenLifetime', accessTokenLifetime, Duration.seconds),
    ...durationOf('assertionMaxLifetime', assertionMaxLifetime, Duration.seconds),
    ...durationOf('clientCache', clientCache, Duration.seconds),
    ...durationOf('tokenReuse', tokenReuse, Duration.seconds),
    ...durationOf('keyRotationInterval', keyRotationDays, Duration.days),
    ...(profile && { profile: SecurityProfile.of(profile) }),
    ...(dpopNonce && { dpopNonce: DpopNonce.of(dpopNonce) }),
    ...(signing && { signing: KeyCustody.of(signing) }),
    ...(signingAlgorithm && { signingAlgorithm: SigningAlgorithm.of(signingAlgorithm) }),
    ...(stub !== undefined && { authorizationEndpointStub: stubs[`${stub}`] }),
    ...(throttle !== undefined && { throttle: { rateLimit: throttle } }),
    ...(tokenThrottle !== undefined && { tokenThrottle: { rateLimit: tokenThrottle } }),
  };
}

/** What a context says -> what it means. */
const stubs = {
  openid: AuthorizationEndpointStub.OPENID,
  true: AuthorizationEndpointStub.BOTH,
  false: AuthorizationEndpointStub.NONE,
} as const;

const durationOf = <Name extends keyof CountersignStackProps>(
  name: Name,
  value: number | undefined,
  unit: (amount: number) => Duration,
) => (value === undefined ? {} : { [name]: unit(value) });
