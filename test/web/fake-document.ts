/** The document of the fake server: made from its table, previewed by the real reader. */
import { isMap, isSeq, parseDocument } from 'yaml';
import { placed, readDocument } from '../../src/state/document/read';
import { placedProblems } from '../../src/state/source/diagnostics';
import { parseYaml } from '../../src/state/source/parse-yaml';
import { checkState } from '../../src/state/table/check';
import type { DocumentProblem, Preview, PreviewRequest } from '../../src/web/contract';
import { differingLines } from '../../src/web/page/state/lines';
import type { FakeService } from './fake-table';

export function documentText(table: readonly FakeService[]): string {
  const services = table.slice(0, 200).map(({ key, name, scheduler, servers }) => {
    const [protocol, address, port] = key.split(':');
    const place =
      protocol === 'fwmark'
        ? `fwmark: ${address}`
        : `protocol: ${protocol}\n    address: ${address}\n    port: ${port}`;
    // A name in a document has no blanks: the hostile ones of the table are not from there.
    const named = /^[\w-]+$/.test(name) ? `name: ${name}\n    ` : '';
    const lines = servers.slice(0, 40).map((server) => {
      const own = /^[\w-]+$/.test(server.name) ? `name: ${server.name}, ` : '';
      const to = server.key.replace(/:\d+$/, '');
      return `      - { ${own}address: ${to}, port: 80, forwarding: masquerading, weight: ${server.wanted} }\n`;
    });
    return `  - ${named}${place}\n    scheduler: ${scheduler}\n    check: page\n    servers:\n${lines.join('')}`;
  });
  return `# The directors of the first hall. Ask before you change it: ext. 4711.
format: ipvsadm-state
version: 2
director:
  interface: eth0
  gateway: 192.0.2.1
  notify: { mail: [lvs@example.com] }
checks:
  # Served by the application itself.
  page: { type: http, path: /health, interval: 2s, timeout: 1s }
services:
${services.join('')}`;
}

export function preview({ text, edits = [] }: PreviewRequest, used: string): Preview {
  const edited = edits.length === 0 ? text : withEdits(text, edits);
  const parsed = parseYaml(edited);
  const reading = readDocument(parsed);
  const found = [...reading.problems, ...placed(checkState(reading.state), reading.places)];
  const problems = placedProblems({ name: 'lvs.yaml', text: edited }, found).map(
    (problem): DocumentProblem & { severity: string } => ({
      line: problem.line ?? null,
      column: problem.column ?? null,
      message: problem.message,
      hint: problem.hint ?? null,
      severity: problem.severity,
    }),
  );
  const wrong = problems.filter(({ severity }) => severity === 'error');
  return {
    text: edited,
    document: documentIn(edited),
    problems: wrong,
    notes: problems.filter(({ severity }) => severity !== 'error'),
    changes: wrong.length > 0 ? [] : changesOf(used, edited),
  };
}

function withEdits(text: string, edits: NonNullable<PreviewRequest['edits']>): string {
  const document = parseDocument(text);
  for (const { path, value } of edits) {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  // `servers: []` of a new service is written in flow style, and what is added to it should not be.
  const services = document.get('services');
  if (isSeq(services)) {
    for (const service of services.items) {
      const servers = isMap(service) ? service.get('servers') : undefined;
      if (isSeq(servers) && servers.items.length > 0) servers.flow = false;
    }
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

export function documentIn(text: string): unknown {
  const document = parseDocument(text);
  return document.errors.length > 0 ? null : document.toJS();
}

/** Not what the real one says, but as lively. */
function changesOf(used: string, text: string): Preview['changes'] {
  return differingLines(used, text, 0).flatMap(({ sign, text: line }) => {
    const address = /address: ([^,\s]+)/.exec(line)?.[1];
    if (address === undefined || (sign !== '+' && sign !== '-')) return [];
    const weight = /weight: (\d+)/.exec(line)?.[1] ?? '1';
    return [{ sign, text: `-a -t 192.0.2.10:80 -r ${address}:80 -m -w ${weight}` }];
  });
}
