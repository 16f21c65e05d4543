/** Writes the single file of what dist/ holds. */
export function writeSingleFile(given: {
  target: string;
  node: string;
  generator: string;
  path: string;
}): Promise<void>;
