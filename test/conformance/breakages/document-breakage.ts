import type { Breakage, RequestInHand } from './broken-deployment.ts';
import { formOf } from './message-in-hand.ts';

type Json = Record<string, unknown>;

/** What else there is when a member is made anew. */
interface Around {
  /** The other members. */
  readonly members: Json;
  /** What a token was asked for with. */
  readonly request?: RequestInHand;
}

type Plain = string | number | boolean | undefined | readonly unknown[] | Readonly<Json>;

/** Makes a value from the one that there was. */
type Remake = (value: never, around: Around) => unknown;

/** Members -> their new values, or what makes them; `undefined` takes a member out. */
type Change = Readonly<Record<string, Plain | Remake>>;

/** Has other members in a token response. */
export function response(change: Change): Breakage {
  return { token: (members) => changeMembers(members, change) };
}

/** Has another access token in it, whatever it is signed with. */
export function tokenText(change: (parts: readonly string[]) => string): Breakage {
  return response({ access_token: (text: string) => change(text.split('.')) });
}

/** Has other claims in an access token, which is rightly signed. */
export function claims(change: Change): Breakage {
  return { accessToken: (token, request) => changeMembers(token.claims, change, request) };
}

/** The same for its header. */
export function tokenHeader(change: Change): Breakage {
  return { accessToken: ({ header }) => changeMembers(header, change) };
}

/** Takes a claim from the parameter of this name when there is one. */
export function fromParameter(name: string, read: (text: string) => unknown = String): Remake {
  return (value, { request }) => {
    const sent = request && formOf(request).get(name);
    return sent ? read(sent) : value;
  };
}

/** Has other members in its metadata. */
export function metadata(change: Change): Breakage {
  return { metadata: (members) => changeMembers(members, change) };
}

/** Announces another grant. */
export function announcedGrant(grant_type: string): Breakage {
  return metadata({ grant_types_supported: (types: string[]) => [...types, grant_type] });
}

/** Has other members in its public key. */
export function key(change: Change): Breakage {
  return { jwkSet: ([first = {}]) => changeMembers(first, change) };
}

/** Has another key beside its own. */
export function anotherKey(change: Change, times = 1): Breakage {
  return {
    jwkSet: (keys) => {
      for (const kid of Array.from({ length: times }, (_, index) => `another-${index}`)) {
        const another = { ...keys[0], kid };
        changeMembers(another, change);
        keys.push(another);
      }
    },
  };
}

function changeMembers(members: Json, change: Change, request?: RequestInHand): void {
  for (const [name, value] of Object.entries(change)) {
    // What is there is for the table to know.
    const before = members[name] as never;
    const around = { members, ...(request && { request }) };
    members[name] = typeof value === 'function' ? value(before, around) : value;
  }
}
