import { program } from '../helpers/program';

const FILE = '/proc/net/ip_vs_conn';
const title = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n';
const line = 'TCP 0A010002 9C43 0A010064 0050 0A020003 1F90 TIME_WAIT       119\n';
const titles =
  'IPVS connection entries\npro expire state       source             virtual            destination\n';
const listed = 'TCP 01:59  TIME_WAIT   10.1.0.2:40003     10.1.0.100:80      10.2.0.3:8080\n';

describe('the connection table', () => {
  test.each<[string, string | string[] | undefined, { stdout?: string; stderr?: string; status: number }]>([
    ['is listed', title + line, { stdout: titles + listed, status: 0 }],
    ['may have a last line without newline', title + line.trimEnd(), { stdout: titles + listed, status: 0 }],
    ['may be empty', title, { stdout: titles, status: 0 }],
    ['must have a title', '', { stderr: `unexpected input from ${FILE}\n`, status: 1 }],
    ['must be there', undefined, { stderr: `cannot open file ${FILE}\n`, status: 1 }],
    [
      'may have blank lines, which are passed over',
      `${title}\n${line}  \n${line}`,
      { stdout: titles + listed + listed, status: 0 },
    ],
    [
      'may have lines of any length',
      `${title}${line.trimEnd()} sip ${'D'.repeat(300)}\n${line}`,
      { stdout: titles + listed + listed, status: 0 },
    ],
    [
      'may come in blocks cut anywhere',
      [title.slice(0, 5), title.slice(5) + line.slice(0, 9), line.slice(9)],
      { stdout: titles + listed, status: 0 },
    ],
  ])('%s', async (_name, content, expected) => {
    const { run } = program();
    expect(await run('-Lcn', { files: { [FILE]: content } })).toEqual({
      stdout: '',
      stderr: '',
      ...expected,
    });
  });

  test('has names for more connections than are looked up at once', async () => {
    const { run } = program();
    const outcome = await run('-Lc', {
      files: { [FILE]: title + line.repeat(600) },
      hosts: '10.1.0.2 client.test\n',
    });
    const named = 'TCP 01:59  TIME_WAIT   client.test:40003  10.1.0.100:http    10.2.0.3:http-alt\n';
    expect(outcome).toEqual({ stdout: titles + named.repeat(600), stderr: '', status: 0 });
  });
});
