import { Policy } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { TokenEnvironment } from '../../functions/token/environment.ts';
import type { KeyRotation } from '../key-rotation/key-rotation.ts';
import { NodeFunction } from '../node-function.ts';
import { type DeployedHook, deployedHook } from './claims-hook.ts';
import {
  type ClientEndpointProps,
  clientEndpointEnvironment,
  clientEndpointTimeout,
  grantAuthenticate,
} from './client-endpoint.ts';
import { revocationsAccess } from './revocations-access.ts';

/** What POST /token works with. */
export interface TokenFunctionProps extends ClientEndpointProps {
  readonly keyRotation: KeyRotation;
}

/** The function that issues access tokens, and counts them. */
export class TokenFunction extends NodeFunction {
  constructor(scope: Construct, id: string, props: TokenFunctionProps) {
    const { file } = props.issuance.claimsHook;
    const hook = file === undefined ? undefined : deployedHook(file);
    super(scope, id, {
      description: 'Countersign: POST /token',
      entry: 'token/index',
      timeout: clientEndpointTimeout,
      environment: environment(props, hook),
      files: hook?.files,
    });
    grantAuthenticate(this, props);
    this.addToRolePolicy(revocationsAccess.number(props.revocations.tableArn));
    props.keyRotation.grantSign(this);
    if (props.issuance.tokenReuse > 0) grantReuse(this, props.revocations.tableArn);
  }
}

/** Lets the function see whether a token was revoked that it gives out again: by a policy that may be left out. */
export function grantReuse(to: LambdaFunction, revocationsArn: string): Policy {
  const policy = new Policy(to, 'TokenReuse', {
    statements: [revocationsAccess.lookUp(revocationsArn)],
  });
  to.role?.attachInlinePolicy(policy);
  return policy;
}

const environment = (props: TokenFunctionProps, hook: DeployedHook | undefined) =>
  ({
    ...clientEndpointEnvironment(props),
    TOKEN_REUSE: String(props.issuance.tokenReuse),
    ACCESS_TOKEN_LIFETIME: String(props.issuance.accessTokenLifetime),
    CLAIMS_HOOK: hook?.file ?? 'none',
    CLAIMS_HOOK_TIMEOUT: String(props.issuance.claimsHook.timeout),
  }) satisfies TokenEnvironment;
