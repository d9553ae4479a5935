import { afterAll, describe } from 'vitest';
import { inventory } from './account.ts';
import { adoption } from './adoption.ts';
import { linting } from './cfn-lint.ts';
import { clients } from './clients.ts';
import { conformance } from './conformance.ts';
import { deployedCode } from './deployed-code.ts';
import { openDeployment } from './deployment.ts';
import { diagnosis } from './doctor.ts';
import { revocationTries } from './emulator.ts';
import { firstDeployment } from './first-deployment.ts';
import { movingIn } from './moving-in.ts';
import { removal } from './removal.ts';
import { revocation } from './revocation.ts';
import { revocationTimes } from './revocation-times.ts';
import { signingKeys } from './signing-keys.ts';
import { tokenJourney } from './token-journey.ts';
import { upgrade } from './upgrade.ts';

/** The life of a deployment in the emulator: each chapter goes on where the one before it ended. */

// Other files deploy into the same account.
const before = await inventory();
const deployment = await openDeployment();
afterAll(deployment[Symbol.asyncDispose]);

describe('first deployment', () => firstDeployment(deployment));
describe('a token', () => tokenJourney(deployment));
describe('what is taken back', () => revocation(deployment));
describe('the signing keys', () => signingKeys(deployment));
describe('clients of a stack', () => clients(deployment));
describe('moving in', () => movingIn(deployment));
describe('the code', () => deployedCode());
describe('conformance', () => conformance(deployment));
describe('doctor', () => diagnosis(deployment));
if (revocationTries > 0) describe('times of revocation', () => revocationTimes(deployment));
describe('an upgrade', () => upgrade(deployment));
describe('removal', () => removal(deployment, before));
describe('adoption', () => adoption(deployment));
describe('the templates', () => linting());
