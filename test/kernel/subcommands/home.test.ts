/** Nothing of $HOME or of XDG_* is looked at: `sudo ipvsadm help` must not run a user's code as root. */
import { connectLab } from '../../lab/client';

/** A plugin and a theme as oclif looks for them, and a package as Node looks for it. */
const planted = `
  plant() {
    mkdir -p "$1/share/ipvsadm/node_modules/evil" "$1/config/ipvsadm"
    echo '{"oclif":{"schema":1,"plugins":[{"name":"evil","type":"user","version":"1.0.0"}]}}' >"$1/share/ipvsadm/package.json"
    echo '{"name":"evil","version":"1.0.0","main":"evil.js","oclif":{"hooks":{"init":"./evil"},"commands":{"strategy":"explicit","target":"./evil.js"}}}' \
      >"$1/share/ipvsadm/node_modules/evil/package.json"
    evil >"$1/share/ipvsadm/node_modules/evil/evil.js"
    echo '{"bin":"red","command":"red"}' >"$1/config/ipvsadm/theme.json"
  }
  evil() { echo 'require("fs").writeFileSync("/tmp/evil", "ran"); exports.default = {};'; }
  export HOME=/tmp/home
  plant $HOME/.local; mv $HOME/.local/config $HOME/.config
  for name in picomatch netlink typescript; do
    mkdir -p $HOME/.node_modules/$name; evil >$HOME/.node_modules/$name/index.js
  done
`;

/** The program without the node_modules of the checkout, as it is installed. */
const installed = `
  root=$(dirname "$(dirname "$IPVSADM_NODE")")
  mkdir -p /tmp/installed/dist; cp -r $root/bin $root/package.json /tmp/installed
  cp -r $root/dist/*.js $root/dist/*.cjs $root/dist/prebuilds /tmp/installed/dist
`;

const lines = ['help', 'server drain --help', 'list --bogus'];

test.each([
  ['below $HOME', ''],
  [
    'where XDG_* points',
    'plant /tmp/xdg; export XDG_DATA_HOME=/tmp/xdg/share XDG_CONFIG_HOME=/tmp/xdg/config XDG_CACHE_HOME=/tmp/xdg/cache',
  ],
])(
  'no file %s is looked at',
  async (_name, more) => {
    const { stdout, stderr } = await connectLab().run({
      script: `${planted}${more}${installed}
      cd /tmp
      ${lines
        .map(
          (
            line,
          ) => `strace -f -qq -o trace -e trace=%file /tmp/installed/bin/ipvsadm ${line} >out 2>&1; echo $? $(grep -c . out | sed 's/^[1-9].*/printed/')
          grep -E '"/tmp/(home|xdg)' trace; cat trace >>traces`,
        )
        .join('\n')}
      cat evil 2>/dev/null
      grep -c '"/tmp/installed/dist/subcommand-help.js"' traces | sed 's/^[1-9].*/traced/'`,
      timeoutSeconds: 100,
    });
    expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
      stdout: '0 printed\n0 printed\n2 printed\ntraced\n',
      stderr: '',
    });
  },
  120_000,
);
