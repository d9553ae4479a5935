import {
  ApiMapping,
  DomainName,
  type HttpApi,
  type IStage,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { DomainSettings } from '../settings/domain-settings.ts';

/** What a CustomDomain leads to, and how. */
export interface CustomDomainProps extends DomainSettings {
  readonly httpApi: HttpApi;
  readonly stage: IStage;
}

/**
 * A custom domain of an HTTP API, TLS 1.2 or newer: with a truststore, for clients with a
 * certificate of it and nobody else. The truststore is an asset, named for its contents, so that a
 * change of the file is a change of the domain.
 */
export class CustomDomain extends Construct {
  /** Where a DNS record for the host has to lead. */
  readonly target: string;

  constructor(scope: Construct, id: string, props: CustomDomainProps) {
    super(scope, id);
    const { host, certificate, truststore, httpApi, stage } = props;
    const asset = truststore && new Asset(this, 'Truststore', { path: truststore });
    const domainName = new DomainName(this, 'DomainName', {
      domainName: host,
      certificate,
      securityPolicy: SecurityPolicy.TLS_1_2,
      ...(asset && { mtls: { bucket: asset.bucket, key: asset.s3ObjectKey } }),
    });
    new ApiMapping(this, 'Mapping', { api: httpApi, domainName, stage });
    this.target = domainName.regionalDomainName;
  }
}
