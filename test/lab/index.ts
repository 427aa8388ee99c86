/** The lab: a disposable kernel with ip_vs in which tests run shell scripts as root. */
export { BackendUnavailable, JobTimeout } from './errors';
export { openLab } from './open';
export { shellCommand, shellQuote } from './shell';
export * from './types';
