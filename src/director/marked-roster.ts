/** The services of a document, and those of one server for checks through the forwarding path. */
import type { IpvsClient } from '../ipvs/client';
import type { Configuration } from '../model/director';
import type { Events } from './events';
import { assignMarks, tableOf } from './marks';
import type { OwnedRecord } from './owned-record';
import { type Roster, rosterOf } from './roster';

export interface MarkedParts {
  readonly owned: OwnedRecord;
  readonly events: Pick<Events, 'alarm' | 'end'>;
  readonly client: IpvsClient;
}

export function markedRoster(configuration: Configuration, { owned, events, client }: MarkedParts): Roster {
  const { marks, paths, problem } = assignMarks(configuration, owned, tableOf(client));
  owned.usePaths(paths);
  if (problem === undefined) events.end('marks');
  else events.alarm('marks', problem);
  return rosterOf(configuration, marks);
}
