/**
 * Connections that speak while the table is replaced. While a namespace has no service, the local
 * stack answers their packets, and resets them.
 */
import { connectLab } from '../lab/client';
import { CONNECTIONS, traffic } from './traffic/live';

// Between the flush and the first rules of a datagram the kernel may let packets through, on a loaded
// machine sometimes enough to reset connections: a run that loses some is repeated, and reported.
jest.retryTimes(3, { logErrorsBeforeRetry: true });

const lab = connectLab();

const commands = {
  'ipvsadm-restore': 'sh -c \'"$IPVSADM_OURS"-restore <rules\'',
  'ipvsadm-restore --strict': 'sh -c \'"$IPVSADM_OURS"-restore --strict <rules\'',
  '-C on the first line': 'sh -c \'{ echo -C; cat rules; } | "$IPVSADM_OURS" -R\'',
  'apply of the same': '"$IPVSADM_OURS" apply rules',
  'apply of another scheduler and weight': '"$IPVSADM_OURS" apply changed',
  'apply of further services': '"$IPVSADM_OURS" apply more',
  'a server drained, and undone':
    'sh -c \'"$IPVSADM_OURS" server drain -t 10.0.0.13:80 -r 10.0.1.17:80 && "$IPVSADM_OURS" undo\'',
  'restore of further services': '"$IPVSADM_OURS" restore further',
};

test.each(['-g', '-m'] as const)(
  'no connection is lost (%s)',
  async (forwarding) => {
    const { stdout, stderr } = await lab.run({
      script: `${traffic(forwarding)}
mkdir -p /var/lib/ipvsadm && mount -t tmpfs none /var/lib/ipvsadm
mount -t tmpfs none /usr/local/sbin && ln -s "$IPVSADM_C" /usr/local/sbin/ipvsadm
genuine() { "\${IPVSADM_C%/*}/ipvsadm-restore" <rules; }
slowly() { "$IPVSADM_C" -C; sleep 1; "$IPVSADM_C" -R <rules; }
survivors 'the genuine ipvsadm-restore' genuine
survivors 'a second without services' slowly
sed 's/ rr/ wrr/; s/-w 1/-w 7/' rules >changed; { cat rules; echo -A -f 7; } >more; echo '-A -f 8' >further
${Object.entries(commands)
  .map(([name, command]) => `survivors '${name}' ${command}`)
  .join('\n')}
kill $real`,
      timeoutSeconds: 300,
    });
    expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
      // How many the genuine pair of processes loses depends on how fast they start.
      stdout: expect.stringMatching(
        new RegExp(
          `^the genuine ipvsadm-restore: \\d+\na second without services: 0\n${Object.keys(commands)
            .map((name) => `${name}: ${CONNECTIONS}\n`)
            .join('')}$`,
        ),
      ),
      stderr: '',
    });
  },
  320_000,
);
