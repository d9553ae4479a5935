import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { auditMetric } from './audit-metric.ts';
import { AuthorizationServerBase } from './server-base.ts';

/**
 * What can be measured of a server that is made here.
 * @internal
 */
export abstract class MeteredServer extends AuthorizationServerBase {
  abstract readonly httpApi: HttpApi;
  abstract readonly tokenFunction: LambdaFunction;
  abstract readonly revocationFunction: LambdaFunction;
  abstract readonly introspectionFunction: LambdaFunction;
  abstract readonly revocationListFunction: LambdaFunction;
  abstract readonly registry: ITable;
  abstract readonly revocations: TableV2;

  /**
   * Tokens that were issued: the sum over five minutes. They are counted in the audit lines, by a metric filter
   * that is made with the first call of this method.
   * @param options what differs from that
   */
  metricTokens(options?: MetricOptions): Metric {
    return this.#audited('TokensIssued', 'issued', options);
  }

  /**
   * Token requests that were refused, which is what clients do wrong, counted in the same way.
   * @param options what differs from the sum over five minutes
   */
  metricRefusals(options?: MetricOptions): Metric {
    return this.#audited('TokensRefused', 'refused', options);
  }

  /**
   * Token requests that failed, which is not the client's fault, counted in the same way.
   * @param options what differs from the sum over five minutes
   */
  metricFailures(options?: MetricOptions): Metric {
    return this.#audited('TokensFailed', 'failed', options);
  }

  /**
   * Token requests that API Gateway let through.
   * @param options what differs from the sum over five minutes
   */
  metricTokenRequests(options?: MetricOptions): Metric {
    return this.tokenFunction.metricInvocations(options);
  }

  /**
   * Runs of the token function that ended without an answer.
   * @param options what differs from the sum over five minutes
   */
  metricTokenErrors(options?: MetricOptions): Metric {
    return this.tokenFunction.metricErrors(options);
  }

  /**
   * Token requests for which Lambda had no instance of the function.
   * @param options what differs from the sum over five minutes
   */
  metricTokenThrottles(options?: MetricOptions): Metric {
    return this.tokenFunction.metricThrottles(options);
  }

  /**
   * Tokens that clients have taken back, counted as those that were issued. What is taken back by the command line
   * is not among them.
   * @param options what differs from the sum over five minutes
   */
  metricTokensRevoked(options?: MetricOptions): Metric {
    const { logGroup } = this.revocationFunction;
    const counted = { metricName: 'TokensRevoked', logGroup, outcomes: ['revoked'] };
    return auditMetric(this, counted, options);
  }

  /**
   * Runs of the function at which clients take back tokens that ended without an answer.
   * @param options what differs from the sum over five minutes
   */
  metricRevocationErrors(options?: MetricOptions): Metric {
    return this.revocationFunction.metricErrors(options);
  }

  /**
   * Questions of resource servers about tokens that API Gateway let through.
   * @param options what differs from the sum over five minutes
   */
  metricIntrospectionRequests(options?: MetricOptions): Metric {
    return this.introspectionFunction.metricInvocations(options);
  }

  /**
   * Runs of the function that answers them that ended without an answer.
   * @param options what differs from the sum over five minutes
   */
  metricIntrospectionErrors(options?: MetricOptions): Metric {
    return this.introspectionFunction.metricErrors(options);
  }

  /**
   * Runs of the function that publishes what was taken back that ended without an answer. While there are such,
   * authorizers go by the last list that they had, and then refuse everybody or let in what they should not.
   * @param options what differs from the sum over five minutes
   */
  metricRevocationListErrors(options?: MetricOptions): Metric {
    return this.revocationListFunction.metricErrors(options);
  }

  /**
   * Reads of what was taken back that DynamoDB throttled.
   * @param options what differs from the sum over five minutes
   */
  metricRevocationThrottles(options?: MetricOptions): Metric {
    return this.revocations.metric('ReadThrottleEvents', { statistic: 'Sum', ...options });
  }

  /**
   * Milliseconds from a request to its answer, over all paths.
   * @param options what differs from the average over five minutes
   */
  metricLatency(options?: MetricOptions): Metric {
    return this.httpApi.metricLatency(options);
  }

  /**
   * Answers with a status from 400 to 499, over all paths: refusals, and what API Gateway throttled.
   * @param options what differs from the sum over five minutes
   */
  metricClientErrors(options?: MetricOptions): Metric {
    return this.httpApi.metricClientError(options);
  }

  /**
   * Answers with a status from 500, over all paths.
   * @param options what differs from the sum over five minutes
   */
  metricServerErrors(options?: MetricOptions): Metric {
    return this.httpApi.metricServerError(options);
  }

  /**
   * Reads of clients, resource servers and keys that DynamoDB throttled.
   * @param options what differs from the sum over five minutes
   */
  metricRegistryThrottles(options?: MetricOptions): Metric {
    return this.registry.metric('ReadThrottleEvents', { statistic: 'Sum', ...options });
  }

  #audited(metricName: string, outcome: string, options: MetricOptions | undefined): Metric {
    const { logGroup } = this.tokenFunction;
    return auditMetric(this, { metricName, logGroup, outcomes: [outcome] }, options);
  }
}
