import { describe, expect, test } from 'vitest';
import { cachedRecords } from '../../functions/oauth/cached-records.ts';

/** Records that each read numbers, and that are read until they are let go. */
function numbered() {
  const clock = { now: 1_700_000_000 };
  const reads: PromiseWithResolvers<void>[] = [];
  const read = async () => {
    const end = Promise.withResolvers<void>();
    const number = reads.push(end);
    await end.promise;
    return { number };
  };
  const { find } = cachedRecords({ read, seconds: 30, now: () => clock.now });
  const number = async (id: string) => (await find(id)).record?.number;
  const finish = (number: number) => reads[number - 1]?.resolve();
  return { clock, reads, number, finish };
}

describe('a read of a record', () => {
  test('is shared by those who ask at the same time for the same one', async () => {
    const { number, finish } = numbered();
    const asked = [number('one'), number('one'), number('other')];
    finish(1);
    finish(2);
    expect(await Promise.all(asked)).toEqual([1, 1, 2]);
  });

  test('that Lambda has frozen on its way is not shared by who asks an hour later, nor cached', async () => {
    const { clock, reads, number, finish } = numbered();
    const before = number('one');
    clock.now += 3600;
    const later = [number('one'), number('one')];
    expect(reads).toHaveLength(2);
    finish(1);
    expect(await before).toBe(1);
    later.push(number('one'));
    expect(reads).toHaveLength(2);
    finish(2);
    expect(await Promise.all(later)).toEqual([2, 2, 2]);
    expect(await number('one')).toBe(2);
    expect(reads).toHaveLength(2);
  });
});
