/**
 * A command of `countersign` for a sentence, in backticks. Whoever shows the sentence adds by which
 * options the deployment was chosen, so that it can be pasted as it is.
 */
export const commandHint = (...words: readonly string[]): string =>
  `\`countersign ${words.map(shellWord).join(' ')}\``;

/** A word as a shell of POSIX reads it. */
export const shellWord = (word: string): string =>
  /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
