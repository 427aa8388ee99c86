/** The daemon reads its own file as it was told to, and other documents by their names. */
import { ConfigurationReader } from '../../src/daemon/read-configuration';
import type { InteractiveSystem } from '../../src/platform/interactive-system';

const conf =
  'virtual_server 192.0.2.10 80 {\n    @lb01 lvs_sched sh\n    @lb02 lvs_sched mh\n    protocol TCP\n' +
  '    real_server 10.0.0.17 80 {\n    }\n}\n';
const json =
  '{"format":"ipvsadm-state","version":2,"services":[{"protocol":"tcp","address":"192.0.2.10","port":80,"scheduler":"rr","servers":[]}]}';

const nothing = () => undefined;
const system = {
  readFile: nothing,
  environment: nothing,
  fileIdentity: nothing,
} as unknown as InteractiveSystem;
const reader = new ConfigurationReader(system, { file: 'web', format: 'keepalived', configId: 'lb02' });

function schedulerOf(text: string, name: string, form: 'given' | 'resolved' = 'given') {
  const read = reader.read(text, name, form);
  return 'problems' in read ? read.problems : read.services[0]!.service.scheduler;
}

test.each([
  ['its own file, by --format and --config-id', conf, 'web', 'mh'],
  ['another file of that format, by its name', conf, 'keepalived.conf', 'mh'],
  ['a document that a command has made of a file', json, 'web, converted', 'rr'],
  ['a document of another name', json, 'lvs.json', 'rr'],
])('%s', (_what, text, name, scheduler) => {
  expect(schedulerOf(text, name)).toBe(scheduler);
});

test('what its own file refers to is kept as a document', () => {
  expect(schedulerOf(json, 'web', 'resolved')).toBe('rr');
});
