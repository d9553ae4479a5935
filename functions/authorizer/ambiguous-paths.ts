// What follows a stage in the ARNs of such requests, in the notation of IAM: escapes, matrix parameters, empty
// segments, dot segments, and a slash at the end.
const arnSuffixes = ['*%*', '*;*', '*\\*', '*//*', '*/./*', '*/.', '*/..*', '*/*/'];

/** Patterns for the ARNs of all requests of a stage whose path a server may take for another one. */
export const ambiguousArns = (stageArn: string): readonly string[] =>
  arnSuffixes.map((suffix) => `${stageArn}/${suffix}`);

/** Whether they cover the ARN of a request with this path. */
export const isAmbiguous = (path: string): boolean => /[%;\\]|\/\/|\/\.(?:[./]|$)|.\/$/.test(path);
