/**
 * How long a director may have the VIPs, and why no two have them at the same time.
 *
 * The director that leads has the key `leader` in the store, under its lease. What has to be shown:
 * its VIPs are gone before another director can have put them on.
 *
 * 1. A lease lives for its time to live (`seconds`) from the moment at which the leading member of
 *    etcd took the renewal. That was after the renewal was *sent*, so that the end of the lease is
 *    never before `sent + seconds`: the deadline. All times are of CLOCK_MONOTONIC, here and in etcd
 *    (Go's time.Now() has it), so that setting a clock changes nothing. Clocks of two machines run
 *    at rates that differ by less than 0.1 %: 3 ms of 3 s, which SKEW has.
 * 2. etcd's members change their leader: the new one gives all leases their full time again and an
 *    election's time more (lessor.Promote). A lease is not shortened by it.
 * 3. But a renewal does not go by the majority of the members. A member that leads no more and does
 *    not know it yet (it was stopped, its disk stood still: etcd#15247) answers as if it renewed.
 *    So a renewal alone counts for nothing. A read, which goes by the majority, is sent after the
 *    renewal was answered, and both answers must be of the same term. The term in an answer is that
 *    of the last entry that the member has carried out, and that in the answer to a renewal is from
 *    before the renewal. When the read comes back with that very term, its leader was still leader
 *    after the renewal, so that there was no later one that could not know of it.
 *    The read also shows that the key is there, and ours.
 * 4. The VIPs are put on for whole seconds, rounded down, so that their life in the kernel ends
 *    before the deadline: that also holds when the process stops at any place. The time is looked at
 *    before and after: when the process stood still in between, they are taken off again at once.
 *    Linux may take an address off up to 0.25 s late (it rounds its timers), and up to 1 s late if in
 *    that very second another address with a lifetime was renewed.
 * 5. The key goes when the lease has ended and the members agreed on that (etcd looks every 0.5 s).
 *    A successor waits SKEW from when it saw that, if the key `last-leader` shows that nobody else
 *    has led since. It need not wait if that key says that the former leader hands over.
 * 6. etcd before 3.4.31 and 3.5.13 has a fault by which leases may end too early: a leading member
 *    that stood still for seconds has leases revoked when it goes on (etcd#12528, etcd#15247). A
 *    leader hears of that by its watch, and takes the VIPs off within the successor's SKEW; if it
 *    does not hear of it in that moment, two directors have them for at most its deadline.
 * 7. A director that hands over (resign, an orderly end, unfitness) is the one exception: it serves on
 *    for 0.15 s after it has seen that another one has the key, and for 0.6 s at most, so that nobody
 *    finds the VIPs nowhere. Before it gives the key up it has the kernel end them after 1 s: that
 *    holds for a director that stands still in that moment, too. Both have the connections, and the
 *    new one announces the VIPs again after the old one is off.
 *
 * A whole machine that stands still (a paused guest) has no clock that runs on: it keeps its VIPs
 * until it has run for the rest of their life. Nothing on that machine could prevent it.
 */

/** Milliseconds that a successor waits after the key of a leader that did not hand over is gone. */
export const SKEW = 300;
/** The longest that the kernel keeps an address beyond its lifetime, in milliseconds. */
export const KERNEL_LATE = 1000;
/** Milliseconds before the deadline at which this process takes the VIPs off itself. */
export const EARLY = 50;

/** Until when this director may have the VIPs. */
export class Tenure {
  /** Before any renewal there is nothing to have. */
  #deadline = Number.NEGATIVE_INFINITY;

  /** @param sent when the renewal was sent. @param seconds what the store answered. */
  renewed(sent: number, seconds: number): void {
    this.#deadline = Math.max(this.#deadline, sent + seconds * 1000);
  }

  /** The lease is not ours any more. */
  ended(): void {
    this.#deadline = Number.NEGATIVE_INFINITY;
  }

  get deadline(): number {
    return this.#deadline;
  }

  /** Whole seconds for which the VIPs may be put on. */
  seconds(now: number): number {
    return Math.max(0, Math.floor((this.#deadline - now) / 1000));
  }
}
