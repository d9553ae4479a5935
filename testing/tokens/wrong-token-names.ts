/** What may be wrong with a token, for a test over each. */
export const wrongTokens = [
  'expired',
  'not valid yet',
  'other audience',
  'other issuer',
  'other key',
  'unknown key',
  'unsigned',
  'changed',
  'other type',
] as const;

/** What is wrong with a token. */
export type WrongToken = (typeof wrongTokens)[number];
