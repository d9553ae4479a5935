// Set-up of the `stack` project: the functions that synthesis puts into templates, and what owners import,
// are those of today.

export { buildAll as setup } from '../../build/dist.ts';
