/** The services of fast-read.ts, as parts of a state document and while their blocks are read. */
import { CheckTexts } from './fast-checks';
import { Unusual } from './fast-lines';
import type { Method } from './forwarding';
import { correctedQuorum } from './validate';

export interface FastServer {
  readonly address: string;
  readonly port: number;
  forwarding: string;
  weight?: number;
  upperThreshold?: number;
  lowerThreshold?: number;
  /** Servers may share it. */
  check?: unknown;
}

export interface FastService extends Policies {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly scheduler?: string;
  readonly persistence?: { readonly timeout: number };
  readonly servers: readonly FastServer[];
}

/** Of a service with checks. */
interface Policies {
  readonly quorum?: number;
  readonly hysteresis?: number;
  readonly onFail?: string;
  readonly whenAllDown?: string;
}

/** A service while its block is read. */
export interface Draft {
  protocol: string | undefined;
  scheduler: string | undefined;
  method: Method | undefined;
  timeout: number | undefined;
  quorum: number;
  hysteresis: number;
  inhibit: boolean;
  readonly texts: CheckTexts;
  readonly servers: FastServer[];
  /** The same for each server. */
  readonly inhibits: (boolean | undefined)[];
  readonly serverTexts: (CheckTexts | undefined)[];
}

export function newDraft(): Draft {
  return {
    protocol: undefined,
    scheduler: undefined,
    method: undefined,
    timeout: undefined,
    quorum: 1,
    hysteresis: 0,
    inhibit: false,
    texts: new CheckTexts(),
    servers: [],
    inhibits: [],
    serverTexts: [],
  };
}

/** As `policyFields`, which warns if only some of the servers are to stay with weight 0. */
export function policiesOf({ servers, inhibit, inhibits, ...given }: Draft): Policies {
  const inhibited = inhibits.filter((own = inhibit) => own).length;
  if (inhibited > 0 && inhibited < servers.length) throw new Unusual();
  const { quorum, hysteresis } = correctedQuorum(
    given,
    servers.map(({ weight }) => weight),
  );
  return {
    ...(quorum === 1 ? {} : { quorum }),
    ...(hysteresis === 0 ? {} : { hysteresis }),
    onFail: inhibited > 0 ? 'weight0' : 'remove',
    whenAllDown: 'drop',
  };
}
