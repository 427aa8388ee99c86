/** What a director does with a table beside keeping it: the policies of services and real servers. */
import type { Check } from './check';
import type { HaSettings } from './ha';
import type { RealServer } from './real-server';
import type { SyncDaemon } from './sync-daemon';
import type { Timeouts } from './table';
import type { VirtualService } from './virtual-service';

/** What an operator wants of a server. drain: checked, weight 0; maint: not checked, weight 0. */
export type AdminState = 'ready' | 'drain' | 'maint';

export interface DirectorServer {
  /** Unique within its service. */
  readonly name: string;
  /** A line of text for people. */
  readonly comment?: string | undefined;
  readonly server: RealServer;
  /** All must succeed, unless the service says `any`; none: always up. */
  readonly checks: readonly Check[];
  readonly any: boolean;
  /** That of the file. */
  readonly admin: AdminState;
}

export interface DirectorService {
  /** Unique in the document. */
  readonly name: string;
  /** A line of text for people. */
  readonly comment?: string | undefined;
  readonly service: VirtualService;
  readonly servers: readonly DirectorServer[];
  /** A real server for when there is no quorum. */
  readonly sorry?: RealServer | undefined;
  /** The sorry server as it is in the table, with weight 0, while it is not needed; absent: not at all. */
  readonly spare?: RealServer | undefined;
  /** The least sum of weights of the servers that are up, or a part of all weights (0 to 1). */
  readonly quorum: { readonly weight: number } | { readonly part: number };
  /** Gained at quorum + hysteresis, lost below quorum - hysteresis. */
  readonly hysteresis: number;
  /** When no server is up. keep: the last weights stay. */
  readonly whenAllDown: 'keep' | 'drop' | 'sorry';
  /** What happens to a server that is down. */
  readonly onFail: 'weight0' | 'remove';
  /** Milliseconds after which a server of weight 0 that is down, or no longer wanted, is removed. */
  readonly removeAfter?: number | undefined;
  /** How long the weight of a server that has come back grows, in milliseconds; 0: at once. */
  readonly slowStart: number;
  /** Whether it counts for the priority of this director. */
  readonly critical: boolean;
  /** ours: everything is repaired; shared: others' servers stay; report: looked at, never changed. */
  readonly owner: 'ours' | 'shared' | 'report';
}

/** The real server that a check is of. */
export interface CheckTarget {
  readonly service: DirectorService;
  readonly server: DirectorServer;
}

/** Who is told of events. */
export interface Notify {
  /** A program; the event is JSON on its standard input. */
  readonly exec?: string | undefined;
  readonly webhook?: string | undefined;
  /** Addresses that get mail through sendmail(8). */
  readonly mail?: readonly string[] | undefined;
}

/** Firewall marks: so many, from the first one on. */
export interface MarkRange {
  readonly first: number;
  readonly count: number;
}

/**
 * Those of checks through the forwarding path: "IP" in its upper bytes, and so few that the bits of
 * kube-proxy's marks (0x4000, 0x8000) are never set.
 */
export const defaultCheckMarks: MarkRange = { first: 0x49500000, count: 0x4000 };

/** Where the web page is served, and for whom. */
export interface WebSettings {
  /** `127.0.0.1:3636`. */
  readonly listen: string;
  /** Files in PEM; needed where other machines reach it. */
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined;
  /** Names by which browsers reach it, beside its address: `lb.example.com`, `lb.example.com:8443`. */
  readonly hosts?: readonly string[] | undefined;
}

/** A document as the daemon uses it. */
export interface Configuration {
  readonly services: readonly DirectorService[];
  /** Its text has names or includes other files: read again, it may be something else. */
  readonly refers?: true | undefined;
  readonly timeouts?: Timeouts | undefined;
  readonly daemons?: readonly SyncDaemon[] | undefined;
  readonly notify: Notify;
  /** The gateway that is pinged when every check fails at once. */
  readonly gateway?: string | undefined;
  /** Absent: `defaultCheckMarks`. */
  readonly checkMarks?: MarkRange | undefined;
  /** Where metrics are served over HTTP: `127.0.0.1:9300`. */
  readonly metrics?: { readonly listen: string } | undefined;
  /** Where the web page is served. */
  readonly web?: WebSettings | undefined;
  /** How this director shares the VIPs with others; absent: it does not. */
  readonly ha?: SharedVips | undefined;
}

export interface SharedVips {
  readonly settings: HaSettings;
  /** The interface that gets the VIPs; absent: the one of their subnet, or of the default route. */
  readonly interface?: string | undefined;
  /** Addresses, some with a prefix; never empty. */
  readonly vips: readonly string[];
}
