/**
 * The longest that a deployment may let its token function cache clients and resource servers, in seconds: what
 * was taken from one of them may be used for as long.
 */
export const longestRecordCache = 300;

/**
 * The longest that a request may go on with what was taken from a record before that time was over: the time of the
 * function, and some seconds by which a reading may have been late.
 */
export const longestDecision = 30;
