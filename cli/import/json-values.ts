/**
 * Reads the JSON values of a text: one, or several behind each other, as a loop of commands prints them.
 * @throws SyntaxError when one is none
 */
export function jsonValues(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)];
  } catch (error) {
    const parts = topLevelParts(text);
    if (parts.length < 2) throw error;
    return parts.map((part) => JSON.parse(part));
  }
}

/** One that does not end goes on to the end of the text: else each quote in it would be tried as the first. */
const strings = /"(?:[^"\\]|\\.?)*(?:"|$)/gs;

/** The texts of objects and lists that stand outside of others; whatever else there is stays with the next. */
function topLevelParts(text: string): readonly string[] {
  // As long as the text, but for brackets within strings, which count as none.
  const bare = text.replaceAll(strings, (string) => ' '.repeat(string.length));
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (const { 0: bracket, index } of bare.matchAll(/[[\]{}]/g)) {
    depth += bracket === '{' || bracket === '[' ? 1 : -1;
    if (depth > 0) continue;
    parts.push(text.slice(from, index + 1));
    from = index + 1;
  }
  const rest = text.slice(from);
  return rest.trim() === '' ? parts : [...parts, rest];
}
