import type { IRestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';

/** Tells the two kinds of APIs apart, however they came about. */
export const isRestApi = (api: IHttpApi | IRestApi): api is IRestApi => 'restApiId' in api;
