import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { CountersignStack } from '../app/countersign-stack.ts';
import { stackProps } from '../app/stack-props.ts';
import { type AddAsset, AssetSynthesizer } from './asset-synthesizer.ts';
import { authorizerStack, boundTokenAuthorizerStack } from './authorizer-template.ts';
import { serverStack } from './server-template.ts';
import type { OwnerSettings } from './setting-parameters.ts';

/** What templates are made of. */
export interface TemplatesProps {
  /** What the owner has set; the rest is as by default. */
  readonly settings: OwnerSettings;
  /** Of Countersign. */
  readonly version: string;
  /** Takes the files that templates need. */
  readonly addAsset: AddAsset;
}

/** A template of CloudFormation, by the name of the stack that the CDK would make of it. */
export interface NamedTemplate {
  readonly name: string;
  readonly template: unknown;
}

/**
 * Makes the templates of the authorization server and of its authorizers, with the constructs that a CDK app
 * has, and parameters in place of settings.
 * @throws ConfigurationError when a setting is wrong
 */
export function templates(props: TemplatesProps): readonly NamedTemplate[] {
  const outdir = mkdtempSync(join(tmpdir(), 'countersign-template-'));
  try {
    const app = templateApp(props, outdir);
    return app.synth().stacks.map(({ stackName, template }) => ({ name: stackName, template }));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Makes the app of these templates. */
export function templateApp({ settings, version, addAsset }: TemplatesProps, outdir: string): App {
  checkTogether(settings, join(outdir, 'check'));
  const app = newApp(outdir);
  const described = (what: string) => ({
    description: `Countersign ${version}: ${what}`,
    synthesizer: new AssetSynthesizer(addAsset),
  });
  const { authorizationServer: tokens } = serverStack(app, {
    ...described('an OAuth 2.0 authorization server for machines'),
    settings,
  });
  // Under a profile that binds every token, an authorizer of bearer tokens would let nobody in.
  if (tokens.profile.name === 'none') {
    authorizerStack(app, { ...described('an authorizer of its access tokens'), tokens });
  }
  boundTokenAuthorizerStack(app, {
    ...described('an authorizer of access tokens that are bound to a key or a certificate'),
    tokens,
  });
  return app;
}

/** Settings that do not go together are found as ever: by making the stack of them. */
function checkTogether(settings: OwnerSettings, outdir: string): void {
  new CountersignStack(newApp(outdir), 'Countersign', stackProps(settings));
}

const newApp = (outdir: string): App =>
  new App({
    context: { ...cdkJson.context, 'aws:cdk:disable-asset-staging': true },
    outdir,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
