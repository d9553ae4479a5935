import { expect, test } from 'vitest';
import { env } from '../../functions/aws/env.ts';

interface Environment {
  readonly PATH: string;
  readonly COUNTERSIGN_MISSING: string;
}

test('a variable of the environment is read', () => {
  expect(env<Environment>('PATH')).toMatch(/\w/);
});

test('a missing variable is an error that names it', () => {
  expect(() => env<Environment>('COUNTERSIGN_MISSING')).toThrow(
    'the environment variable COUNTERSIGN_MISSING is missing',
  );
});
