import { compareClientAuthentication } from './client-authentication.ts';
import { compareApiRequests, compareTokenRequests } from './sender-constrained.ts';

/** `npm run bench [-- NAME...]`: what our own work costs, in milliseconds of one core. A bench is an entry here. */
const benches = {
  'client-authentication': compareClientAuthentication,
  'dpop-token-requests': compareTokenRequests,
  'dpop-api-requests': compareApiRequests,
} as const satisfies Readonly<Record<string, () => Promise<string>>>;

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  process.stderr.write(
    `there is no bench ${unknown}; there are ${Object.keys(benches).join(', ')}\n`,
  );
  process.exit(2);
}
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length === 0 || asked.includes(name)) {
    process.stdout.write(`${name}\n${await bench()}\n`);
  }
}
