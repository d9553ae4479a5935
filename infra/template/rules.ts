import { CfnRule, Fn, type ICfnRuleConditionExpression } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { OwnerSettings } from './setting-parameters.ts';

/** Adds what no parameter can say of itself: CloudFormation checks it before it changes anything. */
export class Rules extends Construct {
  constructor(scope: Construct, id: string, { mtlsOrigin }: OwnerSettings) {
    super(scope, id);
    this.#add('CertificateNeedsIssuer', {
      where: isNot('IssuerCertificateArn', ''),
      demands: isNot('Issuer', ''),
      sentence: 'IssuerCertificateArn is set, which needs Issuer, too',
    });
    this.#add('ReplacesAnotherIssuer', {
      where: isNot('ReplacesIssuer', 'none'),
      demands: isNot('ReplacesIssuer', Fn.ref('Issuer')),
      sentence: 'ReplacesIssuer must be the issuer from before, and is the one that Issuer says',
    });
    if (mtlsOrigin === undefined) return;
    this.#add('IssuerIsNotMtlsOrigin', {
      demands: isNot('Issuer', mtlsOrigin),
      sentence: `Issuer must be another one than ${mtlsOrigin}, where clients show a certificate`,
    });
  }

  #add(name: string, { where: ruleCondition, demands: assert, sentence }: Rule): void {
    const assertions = [{ assert, assertDescription: sentence }];
    new CfnRule(this, name, { ruleCondition, assertions }).overrideLogicalId(name);
  }
}

interface Rule {
  /** @default everywhere */
  readonly where?: ICfnRuleConditionExpression;
  readonly demands: ICfnRuleConditionExpression;
  readonly sentence: string;
}

const isNot = (parameter: string, value: string): ICfnRuleConditionExpression =>
  Fn.conditionNot(Fn.conditionEquals(Fn.ref(parameter), value));
