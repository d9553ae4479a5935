import { challenge } from './api-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';

/** Breaks what RFC 6750 §3 asks for. */
export const challengeBreakages: BreakageTable = {
  'I09: each refusal carries a Bearer challenge': {
    'has no challenge': challenge(undefined),
    'has a challenge without a parameter': challenge('Bearer'),
  },
  'I10: no parameter of a challenge is repeated': {
    'repeats a parameter': challenge('Bearer realm="a", realm="b"'),
    'has no challenge': challenge(undefined),
    'has two spaces between scope-tokens': challenge('Bearer scope="orders:read  orders:write"'),
    'has a quotation mark in error_description': challenge(
      'Bearer error_description="no \\"token\\""',
    ),
    'does not close a quoted text': challenge('Bearer realm="a'),
    'has a challenge of another scheme': challenge('Basic realm="a"'),
  },
};
