import { endingOf, nameOf } from '../paths.js';

/** Endings of source and settings that people write, and that secrets are written into. */
const endings: ReadonlySet<string> = new Set([
  // apps
  ...['swift', 'm', 'mm', 'h', 'xcconfig', 'kt', 'kts', 'java', 'gradle', 'properties', 'dart'],
  // scripts, and what is built from them
  ...['js', 'jsx', 'ts', 'tsx', 'mjs', 'cjs', 'mts', 'cts', 'vue', 'svelte'],
  // servers
  ...['py', 'rb', 'go', 'php', 'cs', 'scala', 'groovy', 'rs', 'ex', 'exs', 'sh', 'gd', 'lua'],
  // settings
  ...['json', 'yml', 'yaml', 'toml', 'ini', 'cfg', 'conf', 'env', 'tf', 'tfvars'],
]);

const names = /^(\.env(\..+)?|(.+\.)?Dockerfile|AndroidManifest\.xml)$/;
const resource = /(^|\/)res\/(values[^/]*|xml)\/[^/]+\.xml$/;

/** What was built, or written by others: nobody mends a secret there. */
const leftOutFolder = /(^|\/)(vendor|third_party|dist|out|target|obj|site-packages|\.tox)\//;
const leftOutName =
  /\.min\.\w+$|\.d\.[cm]?ts$|^pnpm-lock\.yaml$|^(package|package-lock|tsconfig.*|Contents|manifest|composer)\.json$/;

/** Whether a file, by its path, is searched for secrets that are written into it. */
export function isSearched(file: string): boolean {
  const name = nameOf(file);
  if (leftOutFolder.test(file) || leftOutName.test(name)) return false;
  return endings.has(endingOf(name)) || names.test(name) || resource.test(file);
}
