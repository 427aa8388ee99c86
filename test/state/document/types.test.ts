/** The public types of documents, written by hand, equal those of the tables of fields. */
import type { connectionFields } from '../../../src/state/document/connection-fields';
import type { directorFields } from '../../../src/state/document/director-fields';
import type { DocumentOf } from '../../../src/state/document/field';
import type { serverFields } from '../../../src/state/document/server-fields';
import type { serviceFields } from '../../../src/state/document/service-fields';
import type { directorStateFields, stateFields } from '../../../src/state/document/state-fields';
import type { daemonFields, kernelFields, timeoutFields } from '../../../src/state/document/table-fields';
import type {
  ConnectionDocument,
  DaemonDocument,
  DirectorDocument,
  DirectorStateDocument,
  KernelDocument,
  ServerDocument,
  ServiceDocument,
  StateDocument,
  TimeoutsDocument,
} from '../../../src/state/document/types';

/** `true` for identical types, including optional and readonly properties: tsc checks it. */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

const equal: {
  kernel: Equal<DocumentOf<typeof kernelFields>, KernelDocument>;
  timeouts: Equal<DocumentOf<typeof timeoutFields>, TimeoutsDocument>;
  daemon: Equal<DocumentOf<typeof daemonFields>, DaemonDocument>;
  server: Equal<DocumentOf<typeof serverFields>, ServerDocument>;
  service: Equal<DocumentOf<typeof serviceFields>, ServiceDocument>;
  state: Equal<DocumentOf<typeof stateFields>, StateDocument>;
  director: Equal<DocumentOf<typeof directorFields>, DirectorDocument>;
  directorState: Equal<DocumentOf<typeof directorStateFields>, DirectorStateDocument>;
  connection: Equal<DocumentOf<typeof connectionFields>, ConnectionDocument>;
} = {
  kernel: true,
  timeouts: true,
  daemon: true,
  server: true,
  service: true,
  state: true,
  director: true,
  directorState: true,
  connection: true,
};

test('the public types equal those of the tables of fields', () => {
  expect(new Set(Object.values(equal))).toEqual(new Set([true]));
});
