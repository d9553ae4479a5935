/** The texts of API Gateway's own answers, which are {"message": ...}. */
const messages = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

/** An answer of the gateway's own, in place of the function's. The cause is for the log. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly status: keyof typeof messages;

  constructor(status: keyof typeof messages, options?: ErrorOptions) {
    super(messages[status], options);
    this.status = status;
  }
}
