/**
 * The longest that a deployment may let its token function cache clients and resource servers, in seconds: what
 * was taken from one of them may be used for as long.
 */
export const longestRecordCache = 300;
