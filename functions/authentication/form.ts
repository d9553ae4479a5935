import { membersOf } from '../http/event-members.ts';

/** The parameters of a form that have a value: one without is treated as omitted (RFC 6749 §3.2). */
export interface Form {
  one(name: string): string | undefined;
  /** The values of a parameter that may be repeated. */
  all(name: string): readonly string[];
}

/** Reads what the form parser has made of the body: an object of texts and lists of texts. */
export function parseForm(body: unknown): Form {
  const parameters = membersOf(body);
  const all = (name: string): readonly string[] => {
    const given = parameters[name];
    return (Array.isArray(given) ? given : [given]).filter(hasValue);
  };
  const one = (name: string): string | undefined => {
    const given = parameters[name];
    return typeof given === 'string' ? given || undefined : all(name)[0];
  };
  return { one, all };
}

const hasValue = (value: unknown): value is string => typeof value === 'string' && value !== '';
