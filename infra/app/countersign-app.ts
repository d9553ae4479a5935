import { App, Fn, Stage } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { type Configuration, readConfiguration } from '../settings/configuration.ts';
import { CountersignStack } from './countersign-stack.ts';
import { DemoApiStack } from './demo-api-stack.ts';
import { stackProps } from './stack-props.ts';

/** What a program that synthesizes in its own process may say; `cdk` says it by itself. */
export interface CountersignAppProps {
  /** Settings that are kept. What the context says, even that one is undefined, counts in their place. */
  readonly settings?: Configuration;
  /** Settings of this run and CDK options, as `cdk -c name=value` would give them. */
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
  const { demoApiUrl, ...settings } = configurationOf(app, options.settings);
  const props = stackProps(settings);
  const { stackName, authorizationServer } = new CountersignStack(app, 'Countersign', {
    description: 'Countersign: an OAuth 2.0 authorization server for machines',
    ...props,
  });
  new DemoApiStack(new Stage(app, 'Demo', { env: props.env }), 'CountersignDemoApi', {
    stackName: `${stackName}DemoApi`,
    description: 'Countersign: an API that takes its access tokens',
    issuer: settings.issuer ?? Fn.getStackOutput(stackName, 'Issuer'),
    audience: demoApiUrl,
    algorithms: authorizationServer.algorithms,
    profile: authorizationServer.profile,
    dpopNonce: authorizationServer.dpopNonce,
    throttle: props.throttle,
  });
  return app;
}

function configurationOf(app: App, kept: Configuration = {}): Configuration {
  const context = app.node.getAllContext();
  const alone = Object.entries(kept).filter(([name]) => !Object.hasOwn(context, name));
  return { ...Object.fromEntries(alone), ...readConfiguration(context) };
}
