/** What the core may use of a module system: the bundler resolves it. Beside Node's types this file is left out. */
declare function require(path: string): unknown;
