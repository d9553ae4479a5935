import { ellipsis } from './foreign-value.ts';

/** A client's id and the secret that is to be hidden. */
interface Credentials {
  readonly client_id: string;
  readonly client_secret: string;
}

/** Hides in a report what it must not tell, in whatever way the deployment echoes it. */
export interface Redaction {
  /** From now on hides the secret, in each spelling in which it is sent. */
  readonly hideCredentials: (credentials: Credentials) => void;
  /** From now on hides an access token. */
  readonly hideToken: (access_token: string) => void;
  /** The text without all that is to be hidden, and without what looks like a JWT. */
  readonly redacted: (text: string) => string;
}

/** Begins with nothing to hide but what looks like a JWT. */
export function createRedaction(): Redaction {
  const secrets = new Set<string>();
  return {
    hideCredentials: (credentials) => {
      for (const spelling of spellings(credentials)) secrets.add(spelling);
    },
    hideToken: (access_token) => void secrets.add(access_token),
    redacted: (text) => {
      const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
      return longestFirst.reduce(withoutSecret, text.replaceAll(compactJws, hidden));
    },
  };
}

const hidden = '[hidden]';
const compactJws = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g;
/** Characters: a shorter beginning of a secret tells nothing. */
const leastBeginning = 4;

/**
 * A secret by itself and as HTTP Basic sends it (RFC 6749 §2.3.1), each as it stands in a text, a
 * URL, a form and JSON.
 */
function spellings({ client_id, client_secret }: Credentials): readonly string[] {
  if (client_secret === '') return [];
  const pair = [client_id, client_secret];
  const encoded = [pair.map(encodeURIComponent).join(':'), pair.join(':'), client_secret]
    .map((text) => Buffer.from(text))
    .flatMap((bytes) => [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')]);
  return [client_secret, ...encoded].flatMap((text) => [
    text,
    encodeURIComponent(text),
    new URLSearchParams({ '': text }).toString().slice(1),
    JSON.stringify(text).slice(1, -1),
  ]);
}

function withoutSecret(text: string, secret: string): string {
  return text
    .replaceAll(new RegExp(RegExp.escape(secret), 'gi'), hidden)
    .split(ellipsis)
    .map((part, index, parts) => (index < parts.length - 1 ? withoutBeginning(part, secret) : part))
    .join(ellipsis);
}

/** Where a text was shortened, it may end in the beginning of a secret. */
function withoutBeginning(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= leastBeginning; length -= 1) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + hidden;
  }
  return text;
}
