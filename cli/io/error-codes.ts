/** What `--json` says as `error`, and when. Programs rely on the codes; the sentences may change. */
export const errorCodes = {
  wrong_usage: 'What was typed is wrong, whatever the deployment holds.',
  confirmation_needed: 'It cannot be undone, or is a risk, and nobody is there to ask: `--yes`.',
  declined: 'Somebody was asked, and did not say yes.',
  not_found: 'No client, secret or resource server has that name.',
  already_exists: 'The name is taken.',
  conflict: 'Somebody else changes the same at this moment.',
  half_done: 'A part of it is done; the message says which, and how the rest can be done.',
  refused: 'It does not go with what is registered.',
  token_refused: 'The token endpoint refuses; the message begins with its own error code.',
  no_deployment: 'No authorization server was found.',
  several_deployments: 'More than one was found, and none was chosen.',
  not_a_deployment: 'The stack that was named has no finished authorization server.',
  local_stack_not_running: 'The local stack does not run.',
  no_region: 'No AWS Region is set.',
  no_credentials: 'No AWS credentials were found.',
  credentials_expired: 'The AWS credentials have expired.',
  credentials_rejected: 'AWS does not accept the credentials.',
  access_denied: 'The AWS credentials do not permit it.',
  throttled: 'AWS is busy.',
  unreachable: 'A service cannot be reached.',
  failed: 'Anything else.',
} as const satisfies Readonly<Record<string, string>>;

/** Why a command failed, for programs. */
export type ErrorCode = keyof typeof errorCodes;
