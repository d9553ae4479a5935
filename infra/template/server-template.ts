import {
  type App,
  Aws,
  type CfnOutput,
  CfnResource,
  Fn,
  type IStackSynthesizer,
  Lazy,
} from 'aws-cdk-lib';
import type { CfnApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { CountersignStack } from '../app/countersign-stack.ts';
import { stackProps } from '../app/stack-props.ts';
import type { AuthorizationServer } from '../server/authorization-server.ts';
import { checkIssuer } from '../settings/setting-checks.ts';
import { matching } from './limits.ts';
import { addAssetParameters, Parameters } from './parameters.ts';
import { secureOrigin } from './patterns.ts';
import { Rules } from './rules.ts';
import {
  type OwnerSettings,
  type SettingParameter,
  settingsInTemplate,
} from './setting-parameters.ts';

/** Names of the parameters that the server is made with. */
const [issuer, certificate] = ['Issuer', 'IssuerCertificateArn'] as const;

/** What a server's template is made of. */
export interface ServerTemplateProps {
  readonly settings: OwnerSettings;
  readonly synthesizer: IStackSynthesizer;
  readonly description: string;
}

/**
 * Makes the authorization server as a stack whose settings are parameters, as far as they can be. What the
 * settings say of these is their default.
 * @throws ConfigurationError when a setting is wrong
 */
export function serverStack(
  app: App,
  { settings, synthesizer, description }: ServerTemplateProps,
): CountersignStack {
  const stack: CountersignStack = new CountersignStack(app, 'Countersign', {
    ...stackProps(fixedOnes(settings)),
    description,
    synthesizer,
    issuer: Lazy.string({ produce: () => issuerOf(stack.authorizationServer, parameters) }),
    issuerCertificateArn: Fn.ref(certificate),
  });
  const parameters = new Parameters(stack, 'Parameters');
  addAssetParameters(parameters);
  addSettings(stack.authorizationServer, parameters, settings);
  makeDomainOptional(stack, parameters);
  nameByStack(stack.authorizationServer);
  new Rules(stack, 'Rules', settings);
  return stack;
}

function fixedOnes(settings: OwnerSettings): OwnerSettings {
  return Object.fromEntries(
    entries().flatMap(([name, fate]) => (fate === 'fixed' ? [[name, settings[name]]] : [])),
  );
}

const entries = () =>
  Object.entries(settingsInTemplate) as [
    keyof OwnerSettings,
    SettingParameter | 'fixed' | 'absent',
  ][];

/** A domain that asks for certificates turns the API's own URL off. */
function issuerOf({ apiEndpoint }: AuthorizationServer, parameters: Parameters): string {
  const given = Fn.ref(issuer);
  if (apiEndpoint === undefined) return given;
  return Fn.conditionIf(parameters.isSet(issuer).logicalId, given, apiEndpoint).toString();
}

function addSettings(
  server: AuthorizationServer,
  parameters: Parameters,
  settings: OwnerSettings,
): void {
  for (const [setting, fate] of entries()) {
    if (fate === 'fixed' || fate === 'absent') continue;
    const name = parameterOf(setting);
    const { put, ...limits } = fate;
    const usual = typeof limits.default === 'string' ? limits.default : limits.default(server);
    parameters.add(name, {
      ...limits,
      ...(name === issuer && server.apiEndpoint === undefined && neededIssuer),
      default: textOf(settings[setting]) ?? usual,
    });
    put?.({ server, name, parameters });
  }
}

const neededIssuer = matching(checkIssuer, secureOrigin);

/** The name of a setting's parameter. */
export const parameterOf = (setting: keyof OwnerSettings): string =>
  setting.replace(/^./, (first) => first.toUpperCase());

const textOf = (value: OwnerSettings[keyof OwnerSettings]): string | undefined =>
  value === undefined ? undefined : [value].flat().join(' ') || undefined;

/** A template is for a stack of any name. */
function nameByStack({ httpApi }: AuthorizationServer): void {
  const api = httpApi.node.defaultChild as CfnApi;
  api.addPropertyOverride('Name', `${Aws.STACK_NAME}-authorization-server`);
}

/** The custom domain of the issuer is there if a certificate is. */
function makeDomainOptional({ authorizationServer }: CountersignStack, parameters: Parameters) {
  const condition = parameters.isSet(certificate);
  const ofDomain = authorizationServer.node.tryFindChild('IssuerDomain')?.node.findAll() ?? [];
  for (const one of ofDomain)
    if (CfnResource.isCfnResource(one)) one.cfnOptions.condition = condition;
  const target = authorizationServer.node.tryFindChild('IssuerDomainTarget');
  if (target) (target as CfnOutput).condition = condition;
}
