/** The npm packages whose code ships in dist/, and their licenses. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

export interface ThirdPartyPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX license expression, where package.json has one. */
  readonly license?: string;
  /** The text of its license file. */
  readonly licenseText?: string;
  /** The checksum of the package's archive as package-lock.json has it: `sha512-` and base64. */
  readonly integrity?: string;
}

/** Copied into dist/ as prebuilt binaries instead of being bundled. */
const copied = ['node_modules/netlink'];

/**
 * Returns the packages in the bundles and those copied beside them, sorted by name.
 * @param root the project's directory.
 * @param metafiles esbuild's description of each build.
 * @throws when a package has no license.
 */
export function thirdPartyPackages(
  root: string,
  metafiles: readonly Pick<Metafile, 'inputs'>[],
): ThirdPartyPackage[] {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const bundled = inputs.flatMap(
    (file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
  );
  const { packages: locked } = readJson(join(root, 'package-lock.json')) as {
    packages: Record<string, { integrity?: string }>;
  };
  return [...new Set([...bundled, ...copied])].sort().map((directory) => {
    const { integrity } = locked[directory] ?? {};
    return { ...readPackage(join(root, directory)), ...(integrity && { integrity }) };
  });
}

function readPackage(directory: string): ThirdPartyPackage {
  const { name, version, license } = readJson(join(directory, 'package.json')) as ThirdPartyPackage;
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  const licenseText = file && readFileSync(join(directory, file), 'utf8').trim();
  if (!license && !licenseText) throw new Error(`${name} ${version} has no license`);
  return { name, version, ...(license && { license }), ...(licenseText && { licenseText }) };
}

/** Returns dist/THIRD-PARTY.txt: the licenses of `packages`, which must accompany their code. */
export function licenseTexts(packages: readonly ThirdPartyPackage[]): string {
  return packages
    .map(({ name, version, license, licenseText }) => {
      const title = `${name} ${version} (${license ?? 'license below'})`;
      const text = licenseText ?? 'The package does not include the text of its license.';
      return `${title}\n${'='.repeat(title.length)}\n\n${text}\n`;
    })
    .join('\n');
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
