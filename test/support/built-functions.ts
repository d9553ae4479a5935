// Set-up of the `stack` project: the functions that synthesis puts into templates are those of today.

export { buildFunctions as setup } from '../../build/dist.ts';
