/** What the engines of failover need of the outside; tests give them a simulated one. */

export interface HaWorld {
  /** Milliseconds of CLOCK_MONOTONIC: setting the clock changes nothing. */
  now(): number;
  /** Calls `then` once, after some milliseconds; the result cancels it. */
  after(milliseconds: number, then: () => void): () => void;
  /** 0 to 1. */
  random(): number;
  readonly vips: VipHolder;
  /** What a restart of the daemon needs to know, such as a lease; ends with the machine (/run). */
  readState(): string | undefined;
  /** @throws when the disk refuses. */
  writeState(text: string): void;
}

/** The VIPs of this director on its interface. */
export interface VipHolder {
  /**
   * Puts on the VIPs that are not there, and lets the kernel take all of them away after some seconds
   * (IFA_CACHEINFO, valid_lft) unless this is called again: that also works when this process is
   * frozen or killed. Does not wait for duplicate address detection.
   * @throws netlink failures.
   */
  hold(seconds: number): void;
  /** Takes the VIPs away. @throws netlink failures; not that they are gone already. */
  release(): void;
  /** Whether all of them are there. */
  held(): boolean;
  /** Gratuitous ARP and unsolicited neighbour advertisements, once for each VIP. Never rejects. */
  announce(): Promise<void>;
  /**
   * Asks for each VIP whether another machine answers (ARP probe of RFC 5227, neighbour solicitation).
   * Never rejects.
   * @returns what answered: VIP and MAC address.
   */
  rivals(): Promise<readonly { readonly vip: string; readonly mac: string }[]>;
}
