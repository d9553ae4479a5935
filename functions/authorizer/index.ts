import { bearerTokenAuthorizer } from './bearer-token-wiring.ts';
import { createHandler } from './handler.ts';

// Without the AWS SDK, which is most of the bundle of the others.
export const handler = createHandler(bearerTokenAuthorizer(import.meta.dirname, {}));
