/**
 * Whether a `Resource` of a policy covers an ARN, as IAM compares them: a star stands for any text, the empty
 * one and slashes included. The variables `${*}`, `${?}` and `${$}` are these characters; no other has a value
 * here, so that nothing matches it.
 */
export function arnMatches(pattern: string, arn: string): boolean {
  const tokens = pattern.match(/\$\{[^}]*\}?|[\s\S]/g) ?? [];
  const [first = '', ...others] = tokens.map(source).join('').split(star);
  const last = others.pop();
  if (last === undefined) return new RegExp(`^${first}$`, 's').test(arn);
  // Between stars, the first place that fits leaves most room for what follows.
  let rest = arn;
  for (const part of [`^${first}`, ...others]) {
    const found = new RegExp(part, 's').exec(rest);
    if (found === null) return false;
    rest = rest.slice(found.index + found[0].length);
  }
  return new RegExp(`${last}$`, 's').test(rest);
}

const star = '\n*';
const nothing = '(?!)';

function source(token: string): string {
  if (token === '*') return star;
  if (token === '?') return '.';
  if (token.length === 1) return RegExp.escape(token);
  const [, literal] = /^\$\{([*?$])\}$/.exec(token) ?? [];
  return literal === undefined ? nothing : RegExp.escape(literal);
}
