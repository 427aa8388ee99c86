/** What is written in YAML is read as what is written in JSON. */
import * as fc from 'fast-check';
import { unicodeFromBytes } from '../../../src/bytes/unicode';
import { writeConfiguration } from '../../../src/state/document/write-director';
import { yamlText } from '../../../src/state/files/yaml-text';
import { parseYaml } from '../../../src/state/source/parse-yaml';
import { anyConfiguration } from '../../helpers/arbitrary-configurations';

const yamlOf = (json: string) => unicodeFromBytes([...yamlText(json)].join(''));

test('a configuration of the daemon', () => {
  fc.assert(
    fc.property(anyConfiguration, (configuration) => {
      const json = [...writeConfiguration(configuration, undefined)].join('');
      const { document, problems } = parseYaml(yamlOf(json));
      expect(problems).toEqual([]);
      expect(document?.value).toEqual(JSON.parse(json));
    }),
    { numRuns: 200 },
  );
});

test('any texts', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      'no',
      'on',
      'null',
      '~',
      '1e3',
      '0x1f',
      '007',
      '2026-11-26',
      ': a',
      '- a',
      '#',
      "it's",
      '"',
      '\n',
      ' a ',
      '{}',
      '[',
      '&a',
      '*a',
      '!a',
      '%',
      '@',
      '`',
      'a: b',
      'a #b',
      '---',
      '...',
      '',
    ),
  );
  fc.assert(
    fc.property(
      fc.array(texts),
      fc.dictionary(
        texts.filter((text) => text !== '__proto__'),
        texts,
      ),
      (list, table) => {
        const json = JSON.stringify({
          format: 'x',
          list,
          table,
          services: [{ list, table, servers: [table] }],
        });
        expect(parseYaml(yamlOf(json)).document?.value).toEqual(JSON.parse(json));
      },
    ),
    { numRuns: 500 },
  );
});

test('services are blocks, and real servers lines', () => {
  const servers = [{ address: '10.0.0.17', weight: 3 }, { address: '2001:db8::17' }];
  const json = JSON.stringify({
    version: 1,
    timeouts: { tcp: 900 },
    services: [{ port: 80, servers }],
    daemons: [],
  });
  expect(yamlOf(json)).toBe(`version: 1
timeouts:
  tcp: 900
services:
- port: 80
  servers:
  - { address: 10.0.0.17, weight: 3 }
  - { address: 2001:db8::17 }
daemons: []
`);
});
