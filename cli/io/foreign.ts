/**
 * A text of somebody else's for a sentence of ours. Commands stand in backticks there, and whoever reads the
 * sentence, or its hint, pastes them: none that others have written is one of these.
 */
export const foreign = (text: string): string => text.replaceAll('`', "'");
