import * as errors from 'jose/errors';

// jose names its errors after their classes, and names of classes are minified.
for (const [name, type] of Object.entries(errors)) {
  Object.defineProperty(type, 'name', { value: name });
}
