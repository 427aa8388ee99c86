import type { Story } from '../story';
import { dr } from './dr';
import { failover } from './failover';
import { failoverEtcd } from './failover-etcd';
import { fullnat } from './fullnat';
import { fwmark } from './fwmark';
import { gre } from './gre';
import { gue } from './gue';
import { health } from './health';
import { ipv6 } from './ipv6';
import { mistakes } from './mistakes';
import { nat } from './nat';
import { persistence } from './persistence';
import { schedulers } from './schedulers';
import { tun } from './tun';
import { web } from './web';

/** All stories, in the order of the guide. */
export const stories = {
  dr,
  nat,
  tun,
  gue,
  gre,
  fullnat,
  schedulers,
  persistence,
  fwmark,
  ipv6,
  mistakes,
  health,
  web,
  failover,
  'failover-etcd': failoverEtcd,
} as const satisfies Record<string, Story>;

export type StoryName = keyof typeof stories;
