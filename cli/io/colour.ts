import type { Writable } from 'node:stream';
import { styleText } from 'node:util';

/** How a text stands out. */
export type Style = Parameters<typeof styleText>[0];

/** A text that stands out, where it goes to a terminal with colours. NO_COLOR and FORCE_COLOR come first. */
export const styled = (stream: Writable, style: Style, text: string): string =>
  styleText(style, text, { stream, validateStream: true });

/** Whether texts can stand out there. */
export const hasColours = (stream: Writable): boolean => styled(stream, 'bold', '.') !== '.';
