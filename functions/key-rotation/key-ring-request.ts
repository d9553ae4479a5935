import * as v from 'valibot';
import {
  type DeploymentRequest,
  parseDeploymentRequest,
} from '../cloudformation/deployment-request.ts';

/** What CloudFormation asks of the key ring. */
export type KeyRingRequest = DeploymentRequest<KeyRingProperties>;

/** The properties that are read from the request: all others come by the environment. */
export interface KeyRingProperties {
  /** Absent: a version that did not tell it. */
  readonly Issuer?: string | undefined;
  /** The issuer that this one is meant to replace; `none`: no other. */
  readonly ReplacesIssuer?: string | undefined;
}

const propertiesSchema = v.object({
  Issuer: v.optional(v.string()),
  ReplacesIssuer: v.optional(v.string()),
});

/** Reads a request of CloudFormation; undefined: the event is something else. */
export const parseKeyRingRequest = (event: unknown): KeyRingRequest | undefined =>
  parseDeploymentRequest(event, propertiesSchema);
