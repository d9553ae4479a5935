import type { AnswerInHand, RequestInHand } from './broken-deployment.ts';

/** A header of a message, the first one of the name, or else an empty text. */
export function headerOf({ headers }: RequestInHand | AnswerInHand, wanted: string): string {
  return headers.find(([name]) => isSame(name, wanted))?.[1] ?? '';
}

/** Puts a header into a message in place of all of its name, or takes them out. */
export function setHeader(
  message: RequestInHand | AnswerInHand,
  wanted: string,
  value?: string,
): void {
  const others = message.headers.filter(([name]) => !isSame(name, wanted));
  message.headers = value === undefined ? others : [...others, [wanted, value]];
}

/** The parameters in a form. */
export function formOf({ body }: RequestInHand): URLSearchParams {
  return new URLSearchParams(body.toString());
}

/** What is between the scheme and the end of Basic credentials, decoded, or else an empty text. */
export function credentialsOf(request: RequestInHand): string {
  const [, encoded = ''] = /^basic +(.*)$/i.exec(headerOf(request, 'authorization')) ?? [];
  return Buffer.from(encoded, 'base64').toString();
}

/** Whether an answer says that a client has not authenticated. */
export function isInvalidClient({ body }: AnswerInHand): boolean {
  return body.includes('"invalid_client"');
}

/** Whether a request is for the token endpoint. */
export function isTokenRequest({ path }: RequestInHand): boolean {
  return /^\/token(\?|$)/.test(path);
}

const isSame = (name: string, other: string): boolean => name.toLowerCase() === other.toLowerCase();
