import * as errors from 'jose/errors';

/** All errors of jose: bundled as they are in functions, by a test. */
export { errors };
