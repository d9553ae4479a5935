/** AWS's names of the errors that the double answers: the last two are faults of the service. */
export type SecretsManagerErrorType =
  | 'AccessDeniedException'
  | 'InvalidParameterException'
  | 'InvalidRequestException'
  | 'LimitExceededException'
  | 'ResourceExistsException'
  | 'ResourceNotFoundException'
  | 'SerializationException'
  | 'ThrottlingException'
  | 'UnknownOperationException'
  | 'ValidationException'
  | 'InternalServiceError'
  | 'ServiceUnavailable';

/** A refusal as Secrets Manager words it: `type` goes out as `__type`, the message as `Message`. */
export class SecretsManagerError extends Error {
  override readonly name = 'SecretsManagerError';
  readonly type: SecretsManagerErrorType;

  constructor(type: SecretsManagerErrorType, message: string) {
    super(message);
    this.type = type;
  }
}

/** The status that goes with an error. */
export const statusOf = (type: SecretsManagerErrorType): number =>
  (({ InternalServiceError: 500, ServiceUnavailable: 503 }) as Partial<Record<string, number>>)[
    type
  ] ?? 400;
