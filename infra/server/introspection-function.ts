import type { Construct } from 'constructs';
import type { KeyRotation } from '../key-rotation/key-rotation.ts';
import { NodeFunction } from '../node-function.ts';
import {
  type ClientEndpointProps,
  clientEndpointEnvironment,
  clientEndpointTimeout,
  grantAuthenticate,
} from './client-endpoint.ts';
import { revocationsAccess } from './revocations-access.ts';

/** What POST /introspect works with. */
export interface IntrospectionFunctionProps extends ClientEndpointProps {
  readonly keyRotation: KeyRotation;
}

/** The function that tells resource servers of tokens for them, signed where they ask for that. */
export class IntrospectionFunction extends NodeFunction {
  constructor(scope: Construct, id: string, props: IntrospectionFunctionProps) {
    super(scope, id, {
      description: 'Countersign: POST /introspect',
      entry: 'introspection/index',
      timeout: clientEndpointTimeout,
      environment: clientEndpointEnvironment(props),
    });
    grantAuthenticate(this, props);
    this.addToRolePolicy(revocationsAccess.read(props.revocations.tableArn));
    props.keyRotation.grantSign(this);
  }
}
