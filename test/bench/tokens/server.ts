import { createServer } from 'node:http';
import { listen } from '../../../local/io/http-server.ts';
import { contestantNames, contestants } from './contestants.ts';

// The process of one contestant: it tells its port, and whenever it is asked its processor time. It
// ends with the process that has started it. It has no guard, which would be in what is measured: all that it
// knows was made for this run.
const [, , name, work = ''] = process.argv;
const found = contestantNames.find((known) => known === name);
if (!found) throw new Error(`there is no contestant ${name}`);
const server = createServer(await contestants[found](JSON.parse(work)));
process.on('disconnect', () => process.exit());
process.on('message', () => process.send?.(process.cpuUsage()));
process.send?.(await listen(server));
