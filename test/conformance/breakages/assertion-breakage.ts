import { tokenWhen } from './answer-breakage.ts';
import type { Breakage, RequestInHand } from './broken-deployment.ts';
import { formOf } from './message-in-hand.ts';

type Members = Readonly<Record<string, unknown>>;

/** An assertion as it came. */
interface AssertionInHand {
  readonly header: Members;
  readonly claims: Members;
  /** As it stands in the JWT. */
  readonly signature: string;
}

/** Gives a token for assertions of a kind. */
export function takesAssertion(isTaken: (assertion: AssertionInHand) => boolean): Breakage {
  return tokenWhen((_, request) => {
    const assertion = assertionIn(request);
    return assertion !== undefined && isTaken(assertion);
  });
}

/** Whether a client authenticates by an assertion. */
export const hasAssertion = (request: RequestInHand): boolean =>
  formOf(request).has('client_assertion');

function assertionIn(request: RequestInHand): AssertionInHand | undefined {
  const [header = '', claims = '', signature = ''] =
    formOf(request).get('client_assertion')?.split('.') ?? [];
  try {
    return { header: membersIn(header), claims: membersIn(claims), signature };
  } catch {
    return undefined;
  }
}

const membersIn = (part: string): Members => JSON.parse(Buffer.from(part, 'base64url').toString());
