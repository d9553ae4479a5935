import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allTries } from '../bench/revocation/notes.ts';
import type { Target } from '../bench/revocation/target.ts';
import { type TryFigures, tryWay } from '../bench/revocation/tries.ts';
import { ways } from '../bench/revocation/ways.ts';
import { countersign } from './countersign.ts';
import type { Deployment } from './deployment.ts';
import { revocationTries as tries } from './emulator.ts';

const report = join(import.meta.dirname, '../../.ministack/revocation.md');

/** Tries that are made at the same time. */
const atOnce = 5;

/** What is taken back is refused by the deployed API, as the bench measures it on the local stack. */
export function revocationTimes({ issuer, api }: Deployment): void {
  const target: Target = {
    issuer,
    api,
    resource: api,
    // The emulator answers 500 where an authorizer throws "Unauthorized".
    refusals: [401, 403, 500],
    command: (parameters) => countersign(...parameters),
  };
  const measured = new Map<string, readonly TryFigures[]>();

  test.for(ways)(
    'J05, I13: $title: the token is refused within ten seconds',
    {
      timeout: 60_000 + tries * 20_000,
    },
    async (way) => {
      const figures: TryFigures[] = [];
      while (figures.length < tries) {
        figures.push(...(await tryWay(target, way, Math.min(atOnce, tries - figures.length))));
      }
      measured.set(way.title, figures);
      await writeFile(report, `${allTries(measured)}\n`);
      // The command itself is a program that has to start.
      for (const { last } of figures) expect(last).toBeLessThanOrEqual(12);
    },
  );
}
