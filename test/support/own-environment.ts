import { vi } from 'vitest';

/**
 * What is done before each test file: the files of a worker share its process, and none may meet the variables that the
 * one before it has set. A module that several of them import is run once, and cannot see to it.
 */
vi.unstubAllEnvs();
