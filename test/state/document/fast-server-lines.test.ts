import fc from 'fast-check';
import { toBytes } from '../../../src/bytes/byte-text';
import { beginningWith } from '../../../src/format/line-steps';
import { optionalColumns } from '../../../src/ipvs/server-columns';
import type { RowServer } from '../../../src/ipvs/server-rows';
import { FORWARDING_MASK, forwardingMethods } from '../../../src/model/real-server';
import { beforeServer, serverLines, writeServer } from '../../../src/state/document/write';
import { dump } from '../../helpers/arbitrary-rows';
import { linesOfRows, rowsOf } from '../../helpers/lines-of-rows';

const line = (server: RowServer) => beforeServer(false) + writeServer(server, true);
const program = beginningWith(toBytes(beforeServer(false)), serverLines());

test('lines equal those of writeServer', () => {
  fc.assert(
    fc.property(dump, (records) => {
      const rows = rowsOf(records, optionalColumns(), true);
      const servers = records.map((_, index) => rows.server(index));
      const { text, plainLines } = linesOfRows(rows, program, line);
      expect(text).toBe(servers.map(line).join(''));
      expect(plainLines).toBe(servers.filter(isUnusual).length);
    }),
    { numRuns: 1000 },
  );
});

/** Servers without statistics, with attributes of a newer kernel, and flags of tunnels without a name. */
function isUnusual({ statistics, forwarding, tunnel, unknown }: RowServer): boolean {
  const shown = (forwarding & FORWARDING_MASK) === forwardingMethods.tunneling || tunnel.flags !== 0;
  return !statistics || Boolean(unknown?.size) || (shown && tunnel.flags > 3);
}
