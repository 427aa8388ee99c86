/** A kernel for the tests of programs that use the library: docs/library.md, "Tests without a kernel". */
export { errno } from '../errors/errno';
export { ipvsCommands } from '../ipvs/commands';
export type { Counters } from './counters';
export { FakeKernel, type FakeRequest, type FakeTransport } from './fake-kernel';
export { type Entry, FakeTable } from './fake-table';
