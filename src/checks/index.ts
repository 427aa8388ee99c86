/** Health checks: what the daemon uses of this room. */
export { checkIdentity } from './identity';
export { runCheck } from './run-check';
