/** The version of QuickJS, set by the build. */
declare const QUICKJS_VERSION: string;
