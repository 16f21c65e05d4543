/** The Scoop manifest: the single file under its short name. */
export function renderScoopManifest(given: {
  repository: string;
  version: string;
  description: string;
  sha256: string;
}): string;
