/** Random ldirectord.cf files, most of which ldirectord refuses. */
import fc from 'fast-check';

/** Words that ldirectord accepts, nearly accepts, or takes for something else. */
const words = {
  noise: fc.constantFrom('', '', '', '', ' ', '\t', ' # c', '"', ' x', ' 7', '\r', '\u00a0'),
  address: fc.constantFrom(
    '10.0.0.1',
    '10.0.0.2',
    '10.0.0.3',
    '10.1',
    'localhost',
    '10.0.0.1->10.0.0.3',
    '[::1]',
  ),
  port: fc.constantFrom('', ':80', ':80', ':8080', ':080', ':http', ':0', ':99999'),
  method: fc.constantFrom('gate', 'gate', 'masq', 'masq', 'ipip', 'GATE', 'gate-w'),
  option: fc.constantFrom(
    '',
    '',
    ' 3',
    ' 03',
    ' -w 5',
    ' u:5',
    ' l:2',
    ' 2 l:1 u:4',
    ' 1 "a", "b"',
    ' "c","d" u:7',
    ' x',
  ),
  target: fc.constantFrom(
    '192.0.2.1:80',
    '192.0.2.2:80',
    '192.0.2.1:81',
    '192.0.2.1:53',
    '192.0.2.3',
    '7',
    '07',
    '192.0.2.1:http',
    'web.example:80',
  ),
};
const realLine = fc
  .tuple(words.address, words.port, words.method, words.option, words.noise)
  .map(([address, port, method, option, noise]) => `real = ${address}${port} ${method}${option}${noise}`);
const otherLine = fc
  .tuple(
    fc.constantFrom(
      'scheduler = rr',
      'scheduler = "wlc"',
      'persistent = 60',
      'persistent = 0',
      'netmask = 255.255.255.0',
      'protocol = udp',
      'protocol = fwm',
      'ops = yes',
      'quiescent = yes',
      'quiescent = no',
      'checktype = on',
      'checktype = off',
      'checktype = 3',
      'fallback = 10.0.0.9:80',
      'fallback = 10.0.0.1',
      'fallback = 10.0.0.2:8080 masq',
      'virtualhost = a',
      'request = "b"',
      'service = none',
      'schedflags = sh-port',
      '',
      '# comment',
      '    ',
      'nothing = 1',
    ),
    words.noise,
  )
  .map(([line, noise]) => line + noise);
const indent = fc.constantFrom('    ', '    ', '\t', '\t', '   \t', '  ');
const sectionText = fc
  .tuple(
    words.target,
    words.noise,
    fc.array(fc.tuple(indent, fc.oneof(realLine, otherLine)), { minLength: 1, maxLength: 4 }),
  )
  .map(
    ([target, noise, lines]) =>
      `virtual = ${target}${noise}\n${lines.map((line) => `${line.join('')}\n`).join('')}`,
  );
const globalLine = fc.constantFrom(
  '',
  '',
  'quiescent = yes\n',
  'readdquiescent = yes\n',
  'fallback = 10.0.0.8\n',
  'fallback = 10.0.0.2:80 masq\n',
);
export const fileText = fc
  .tuple(globalLine, globalLine, fc.array(sectionText, { minLength: 1, maxLength: 3 }))
  .map(([first, second, sections]) => first + second + sections.join(''));
