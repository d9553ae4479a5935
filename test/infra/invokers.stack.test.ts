import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { synthesize } from './synthesis.ts';

/**
 * Who may invoke a function by its own policy, as `function principal source`. What an identity's policy
 * says in the owner's account is the owner's: docs/security.md names such people among the trusted.
 */
function invokers(template: Template): readonly string[] {
  const permissions = Object.values(template.findResources('AWS::Lambda::Permission'));
  return permissions.map(({ Properties }) => {
    const { FunctionName, Action, Principal, SourceArn, SourceAccount } = Properties;
    expect(Action).toBe('lambda:InvokeFunction');
    const [functionId = ''] = FunctionName['Fn::GetAtt'];
    const source = SourceArn === undefined ? `<${SourceAccount.Ref}>` : writtenOut(SourceArn);
    return `${functionId.slice(0, -8)} ${Principal} ${source}`;
  });
}

/** An ARN with references as their logical ids, without the hash that the CDK puts at their ends. */
function writtenOut(arn: unknown): string {
  const { 'Fn::Join': join, 'Fn::GetAtt': [id = ''] = [] } = arn as Intrinsic;
  if (!join) return id.slice(0, -8);
  const parts = join[1].map((part) => (typeof part === 'string' ? part : nameOf(part.Ref)));
  return parts.join('').replace(/^.*?(?=<HttpApi>)/, '');
}

interface Intrinsic {
  readonly 'Fn::GetAtt'?: readonly string[];
  readonly 'Fn::Join'?: readonly ['', readonly (string | { readonly Ref: string })[]];
}

const nameOf = (id: string): string => (/HttpApi[0-9A-F]{8}$/.test(id) ? '<HttpApi>' : `<${id}>`);

describe('who may invoke a function', () => {
  const { countersign, demoApi } = synthesize();

  test('only an API of its own stack, from the routes that lead to it, only a schedule of its own, and for secrets of the account Secrets Manager', () => {
    for (const template of [countersign, demoApi]) {
      expect(template.findResources('AWS::Lambda::Url')).toEqual({});
      for (const invoker of invokers(template)) {
        expect(invoker).toMatch(
          /^AuthorizationServerClientAdministration secretsmanager\.amazonaws\.com <AWS::AccountId>$|^\w+ (apigateway\.amazonaws\.com <HttpApi>\/|events\.amazonaws\.com \w+$|scheduler\.amazonaws\.com \w+$)/,
        );
      }
    }
  });

  test('the token function: POST /token and nothing else', () => {
    const ofToken = invokers(countersign).filter((invoker) => invoker.includes('TokenFunction '));
    expect(ofToken).toEqual([
      'AuthorizationServerTokenFunction apigateway.amazonaws.com <HttpApi>/*/*/token',
    ]);
  });
});
