import { stripVTControlCharacters } from 'node:util';

const secrets: readonly (readonly [RegExp, string])[] = [
  [/countersign_[\w-]{8,}/g, 'countersign_…'],
  [/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'eyJ…'],
];

// What differs each time, and tells nothing.
const changing: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, ''],
  [/\b[0-9a-z]+(\.execute-api\.127\.0\.0\.1:)\d+/g, '<id>$1PORT'],
  [/(\/\/127\.0\.0\.1:)\d+/g, '$1PORT'],
  [/("jti":")[\w-]+/g, '$1…'],
];

/**
 * What takes secrets and tokens from a text, and puts names in place of paths and of ports.
 * @param names text -> the name that stands for it, of an origin for its port
 */
export function cleaner(names: Readonly<Record<string, string>>): (text: string) => string {
  return (printed) => {
    let text = stripVTControlCharacters(printed).replaceAll('\r', '\n');
    for (const [found, name] of Object.entries(names)) {
      const isOrigin = found.startsWith('http');
      text = text.replaceAll(found, isOrigin ? `http://127.0.0.1:${name}` : name);
    }
    for (const [pattern, name] of [...secrets, ...changing]) text = text.replaceAll(pattern, name);
    return text
      .replaceAll(/[ \t]+$/gm, '')
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim();
  };
}

const [first, last, width] = [8, 8, 140];

// How a deployment and its files come along: hundreds of lines.
const progress = /^\S+ \| +\d|^\S+: (start|success): |^Completed .* remaining/;

/** The beginning and the end of what is long, without the lines that tell of progress. */
export function shortened(text: string): string {
  const lines = text
    .split('\n')
    .filter((line) => line !== '' && !progress.test(line))
    .map((line) => (line.length > width ? `${line.slice(0, width)}…` : line));
  const left = lines.length - first - last;
  if (left < 2) return lines.join('\n');
  return [...lines.slice(0, first), `[${left} lines]`, ...lines.slice(-last)].join('\n');
}
