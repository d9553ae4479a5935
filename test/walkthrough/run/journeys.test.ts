import { writeFileSync } from 'node:fs';
import { afterAll, describe, test } from 'vitest';
import { isLeftOut } from '../../tools/snippets/running.ts';
import { journeys } from '../journeys/all.ts';
import { walkthroughPage } from '../report/page.ts';
import { report } from '../running/given.ts';
import type { Travelled } from '../running/journey.ts';
import { travel } from '../running/travel.ts';
import { versions } from '../running/versions.ts';

/** From an empty folder to a guarded call: the test of each step is that it comes out as it should. */

const travelled: Travelled[] = [];
const leftOut = journeys.flatMap(({ title, needs = [] }) => {
  const [wanting] = needs.filter(isLeftOut);
  return wanting === undefined ? [] : [{ title, why: `without ${wanting.title}` }];
});
for (const { title, why } of leftOut) process.stdout.write(`*** ${title} IS LEFT OUT: ${why}\n`);

describe('from an empty folder to a guarded call', () => {
  for (const journey of journeys) {
    const isWanting = leftOut.some(({ title }) => title === journey.title);
    test.skipIf(isWanting)(journey.title, { timeout: 900_000 }, async () => {
      travelled.push(await travel(journey));
    });
  }
});

afterAll(async () => {
  const wanted = journeys.length - leftOut.length;
  if (report === undefined) return;
  if (travelled.length < wanted) throw new Error('no page is written of less than all journeys');
  const named = leftOut.map(({ title, why }) => `${title} (${why})`);
  const page = { journeys: travelled, leftOut: named, versions: await versions() };
  writeFileSync(report, walkthroughPage(page));
});
