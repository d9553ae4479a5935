// What follows a stage in the ARN of a request whose path a server may take for another one, in the notation of
// IAM: escapes, matrix parameters, backslashes, empty segments, dot segments, and a slash at the end.
const ambiguousSuffixes = ['*%*', '*;*', '*\\*', '*//*', '*/./*', '*/.', '*/..*', '*/*/'];

/** Patterns for the ARNs of all requests of a stage whose path a server may take for another one. */
export const ambiguousArns = (stageArn: string): readonly string[] =>
  ambiguousSuffixes.map((suffix) => `${stageArn}/${suffix}`);

/** Whether they cover the ARN of a request with this path. */
export const isAmbiguous = (path: string): boolean => /[%;\\]|\/\/|\/\.(?:[./]|$)|.\/$/.test(path);
