/** The page of a table without the daemon, on a real kernel: what it shows, and what it changes. */
import { connectLab } from '../../lab/client';

const document = `format: ipvsadm-state
version: 1
services:
  # the shop
  - protocol: tcp
    address: 192.0.2.10
    port: 80
    scheduler: rr
    servers:
      - { address: 127.0.0.1, port: 8080, forwarding: masquerading }
`;

/** Runs in the job: asks, and prints a line of JSON for each answer. */
const asking = `
const [token] = process.argv.slice(1);
async function ask(path, body, match) {
  const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json', ...(match && { 'if-match': match }) };
  const answer = await fetch('http://127.0.0.1:3636' + path, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) });
  const json = await answer.json();
  console.log(JSON.stringify([path, answer.status, json]));
  return json;
}
(async () => {
  await ask('/v1/overview');
  const { text, name } = await ask('/v1/document');
  const edits = [{ path: ['services', 0, 'servers', 0, 'weight'], value: 7 }];
  const preview = await ask('/v1/preview', { text, name, edits });
  await ask('/v1/reload', { text: preview.text }, '"1"');
  await ask('/v1/reload', { text: preview.text.replace('rr', 'wrr') }, '"1"');
  await ask('/v1/reload', { text: preview.text.replace('rr', 'nonesuch') }, '"2"');
  await ask('/v1/reload', { text: preview.text.replace('rr', 'x y') }, '"2"');
  await ask('/v1/connections?summary=state');
  await ask('/v1/admin', {}, '"2"');
})();`;

const script = `
mkdir -p /etc/ipvsadm && mount -t tmpfs tmpfs /etc/ipvsadm
ip link set lo up
cat >/tmp/table.yaml <<'END'
${document}END
$IPVSADM_NODE -A -t 192.0.2.10:80 -s rr
$IPVSADM_NODE web /tmp/table.yaml --audit /tmp/audit >/tmp/log 2>&1 &
page=$!
tries=0
until grep -q 'the page is at' /tmp/log || [ $tries = 100 ]; do tries=$((tries + 1)); sleep 0.1; done
node -e '${asking.replaceAll("'", "'\\''")}' "$($IPVSADM_NODE web token alice --role edit)"
kill $page
wait $page
echo "status $?"
cat /tmp/table.yaml
$IPVSADM_C -Sn`;

test('a document is shown, previewed, applied and, where the kernel refuses it, taken back', async () => {
  const { stdout } = await connectLab().run({ script, timeoutSeconds: 120 });
  const lines = stdout.toString().split('\n');
  const answers = lines
    .filter((line) => line.startsWith('["/v1/'))
    .map((line) => JSON.parse(line) as [string, number, Record<string, unknown>]);
  expect(answers.map(([path, status]) => `${path} ${status}`)).toEqual([
    '/v1/overview 200',
    '/v1/document 200',
    '/v1/preview 200',
    '/v1/reload 200',
    '/v1/reload 409',
    '/v1/reload 502',
    '/v1/reload 422',
    '/v1/connections?summary=state 200',
    '/v1/admin 404',
  ]);
  const [overview, now, preview, applied, outrun, refused, wrong] = answers.map(([, , json]) => json);
  expect(overview).toMatchObject({ status: null, services: [{ key: 'tcp:192.0.2.10:80', owner: 'ours' }] });
  expect(now).toMatchObject({ generation: 1, text: document });
  expect(preview).toMatchObject({
    problems: [],
    changes: [{ sign: '+', text: '-a -t 192.0.2.10:80 -r 127.0.0.1:8080 -m -w 7' }],
  });
  expect(applied).toEqual({ ok: true, text: '/tmp/table.yaml is applied' });
  expect(outrun!.problem).toBe('generation 2 is in use, and "1" was seen: look again first');
  expect(refused!.problem).toMatch(/the kernel refused: .*the former document is back$/s);
  expect(wrong!.problem).toBe('line 8: the name contains white space');
  const rest = lines.slice(lines.findIndex((line) => line.startsWith('status'))).join('\n');
  expect(rest).toBe(`status 0
${document.replace('masquerading }', 'masquerading, weight: 7 }')}-A -t 192.0.2.10:80 -s rr
-a -t 192.0.2.10:80 -r 127.0.0.1:8080 -m -w 7
`);
}, 180_000);
