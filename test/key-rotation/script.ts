import fc from 'fast-check';
import { publishLead, retention } from '../../functions/oauth/key-times.ts';
import type { Fate } from './model-world.ts';

/** What happens next in the world of a model. */
export type Event =
  /** One more run begins, the one of this number. */
  | { readonly begins: number }
  /** One of those that are going makes its next call. */
  | { readonly calls: number; readonly fate: Fate }
  /** Seconds pass. */
  | { readonly waits: number };

const fates = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Fate>('go') },
  { weight: 1, arbitrary: fc.constant<Fate>('die before') },
  { weight: 1, arbitrary: fc.constant<Fate>('die after') },
);

/** Seconds: moments, hours, months, and times shortly before and after something is due. */
const waits = (rotationInterval: number) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 40 }) },
    { weight: 2, arbitrary: fc.integer({ min: 60, max: 9000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 9000, max: 100 * 86_400 }) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom(publishLead, retention, rotationInterval),
          fc.integer({ min: -400, max: 400 }),
        )
        .map(([time, off]) => time + off),
    },
  );

/** Scripts of many events; a run that begins is one of so many kinds. */
export function scripts(runs: number, rotationInterval: number): fc.Arbitrary<readonly Event[]> {
  const event = fc.oneof<fc.WeightedArbitrary<Event>[]>(
    { weight: 2, arbitrary: fc.record({ begins: fc.nat({ max: runs - 1 }) }) },
    { weight: 20, arbitrary: fc.record({ calls: fc.nat({ max: 5 }), fate: fates }) },
    { weight: 2, arbitrary: fc.record({ waits: waits(rotationInterval) }) },
  );
  return fc.array(event, { minLength: 30, maxLength: 300, size: 'max' });
}
