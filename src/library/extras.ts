/** What few programs need of the library: a bundle of its own, loaded when it is used. */
export { connectionTable, filteredConnections, toQuery } from './connections';
export { planLines, read, write } from './document-texts';
export { watchTable } from './watch';
