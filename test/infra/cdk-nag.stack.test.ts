import { App } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../infra/app/countersign-app.ts';
import { CountersignStack } from '../../infra/app/countersign-stack.ts';
import { scratchDirectory, scratchStack } from './synthesis.ts';

describe("cdk-nag's AwsSolutions pack", () => {
  test('finds nothing that is not acknowledged with a reason at its construct', () => {
    const app = createApp({ outdir: scratchDirectory() });
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });

  test('finds nothing in a stack that knows its account and Region, either', () => {
    const app = new App({ outdir: scratchDirectory() });
    const env = { account: '111122223333', region: 'eu-west-1' };
    new CountersignStack(app, 'Bound', { env, mixedKeyFamilies: true });
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });

  test('finds what is planted', () => {
    const stack = scratchStack();
    new CfnTable(stack, 'Table', { keySchema: [{ attributeName: 'pk', keyType: 'HASH' }] });
    const { violations } = new AwsSolutionsChecks().validateScope(stack);
    expect(violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-DDB3');
  });
});
