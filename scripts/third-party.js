const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Returns the licenses of the third-party code in the bundles, which must be distributed with them.
 * @param root the project's directory.
 * @param metafiles esbuild's metafile of each build.
 */
exports.thirdPartyLicenses = (root, metafiles) => {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const directories = inputs.flatMap(
    (file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
  );
  // The addon's prebuilt binary is copied, not bundled.
  const packages = [...new Set([...directories, 'node_modules/netlink'])].sort();
  return packages.map((directory) => licenseOf(join(root, directory))).join('\n');
};

function licenseOf(directory) {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file && existsSync(join(directory, file)) ? readFileSync(join(directory, file), 'utf8').trim() : '';
  if (!license && !text) throw new Error(`${name} ${version} has no license`);
  const title = `${name} ${version} (${license ?? 'license below'})`;
  return `${title}\n${'='.repeat(title.length)}\n\n${text || 'The package does not contain the text of its license.'}\n`;
}
