/** How the page of a table without the daemon is served. */

/** Paths have one character per byte. */
export interface WebRun {
  /** The document that may be edited and applied; undefined: nothing may be changed. */
  readonly file?: string | undefined;
  /** Its format; undefined: by its name or first line. */
  readonly format?: string | undefined;
  /** Of keepalived.conf: the configuration id. */
  readonly configId?: string | undefined;
  readonly listen: { readonly host: string; readonly port: number };
  /** Files in PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined;
  /** Names by which browsers reach it, beside its address. */
  readonly hosts: readonly string[];
  readonly tokenFile: string;
  readonly auditFile: string;
}
