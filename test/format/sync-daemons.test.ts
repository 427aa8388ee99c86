import { formatDaemons } from '../../src/format/sync-daemons';
import { parseAddress } from '../../src/model/address';
import type { SyncDaemon } from '../../src/model/sync-daemon';

const base: SyncDaemon = { state: 1, interface: 'lo', syncId: 3 };

test.each<[string, SyncDaemon[], string]>([
  ['no sync daemon', [], ''],
  [
    'master and backup, one line each',
    [
      { ...base, maxLength: 1400, group: parseAddress('224.0.0.99'), port: 9000, ttl: 5 },
      {
        state: 2,
        interface: 'lo',
        syncId: 0,
        maxLength: 65487,
        group: parseAddress('ff02::99'),
        port: 8848,
        ttl: 1,
      },
    ],
    'master sync daemon (mcast=lo, syncid=3, maxlen=1400, group=224.0.0.99, port=9000, ttl=5)\n' +
      'backup sync daemon (mcast=lo, syncid=0, maxlen=65487, group=ff02::99, port=8848, ttl=1)\n',
  ],
  ['an old kernel that reports few attributes', [base], 'master sync daemon (mcast=lo, syncid=3)\n'],
  [
    'zeros left out',
    [{ ...base, maxLength: 0, port: 0, ttl: 0 }],
    'master sync daemon (mcast=lo, syncid=3)\n',
  ],
  ['both states at once, as master', [{ ...base, state: 3 }], 'master sync daemon (mcast=lo, syncid=3)\n'],
  [
    'no state, passed over',
    [
      { ...base, state: 0 },
      { ...base, state: 2 },
    ],
    'backup sync daemon (mcast=lo, syncid=3)\n',
  ],
  [
    'a syncid of 32 bits, signed',
    [{ ...base, syncId: 4294967295 }],
    'master sync daemon (mcast=lo, syncid=-1)\n',
  ],
])('%s', (_name, daemons, expected) => {
  expect(formatDaemons(daemons)).toBe(expected);
});
