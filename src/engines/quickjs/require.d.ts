/**
 * The `require` that the core may use; the bundler resolves it. Excluded where Node's types declare
 * it.
 */
declare function require(path: string): unknown;
