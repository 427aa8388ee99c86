/** Set by the build: which QuickJS is linked in. */
declare const QUICKJS_VERSION: string;
