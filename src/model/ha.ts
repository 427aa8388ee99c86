/** Several directors with the same VIPs, as a state document describes it (`director: { ha: … }`). */

/**
 * leader: this director has the VIPs. standby: it takes them when the leader is gone. unfit: it does
 * not, because something that it needs is not there.
 */
export const roles = ['leader', 'standby', 'unfit'] as const;
export type Role = (typeof roles)[number];

export interface HaSettings {
  /** Of this director, unique among those that share the VIPs; absent: the host name. */
  readonly name?: string | undefined;
  /** Sync daemons: backup always, master where the VIPs are. Absent: none of ours. */
  readonly sync?: SyncSettings | undefined;
  /** A director that comes back takes the VIPs again. */
  readonly preempt: boolean;
  readonly engine: KeepalivedSettings | EtcdSettings;
}

export interface SyncSettings {
  /** The interface of the multicast; absent: that of the VIPs. */
  readonly interface?: string | undefined;
  /** 1 to 255: the same on all. */
  readonly syncId: number;
}

/** Who has the VIPs is agreed on by VRRP (RFC 5798), which keepalived speaks. */
export interface KeepalivedSettings {
  readonly kind: 'keepalived';
  /** The virtual router, 1 to 255: the same on all, and no other's in the subnet. */
  readonly id: number;
  /** 1 to 254; the highest wins. */
  readonly priority: number;
  /** Addresses of the other directors: adverts by unicast. Absent: by multicast. */
  readonly peers?: readonly string[] | undefined;
  /** A FIFO of a keepalived that somebody else runs, with an instance of its own; absent: ours is run. */
  readonly fifo?: string | undefined;
  /** The name of the instance whose roles count in that FIFO. */
  readonly instance?: string | undefined;
}

/** Who has the VIPs is who has a key in etcd, under a lease. */
export interface EtcdSettings {
  readonly kind: 'etcd';
  /** URLs of the members, http or https. */
  readonly endpoints: readonly string[];
  /** What the directors of one set of VIPs have in common: keys begin with `lvs/CLUSTER/`. */
  readonly cluster: string;
  /** Milliseconds without an answer after which another director may lead. */
  readonly ttl: number;
  readonly user?: string | undefined;
  /** A file with the password, which only root can read. */
  readonly passwordFile?: string | undefined;
  /** Files in PEM: who signed the members' certificates, and what is shown to them. */
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}
