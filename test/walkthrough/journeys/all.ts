import type { Journey } from '../running/journey.ts';
import { init } from './init.ts';
import { cdkInit, leastLibrary, tsNode } from './own-app.ts';
import { plain } from './plain.ts';
import { python } from './python.ts';
import { sam } from './sam.ts';

/** Every journey, in the order of the page. */
export const journeys: readonly Journey[] = [
  init,
  cdkInit,
  tsNode,
  leastLibrary,
  plain,
  sam,
  python,
];
