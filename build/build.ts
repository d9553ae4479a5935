import { buildAll, buildFunctions } from './dist.ts';

/** `npm run build`: makes dist/. With `functions`: the bundles of Lambda alone. */

const [part] = process.argv.slice(2);
await (part === 'functions' ? buildFunctions() : buildAll());
