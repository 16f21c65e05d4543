import { systemCodeOf } from '../../../core/errors.js';
import type { CheckFinding } from '../model.js';
import { ignoreFile, isIgnored, isSilencedIn, parseIgnored, parseIgnoreFile } from '../silence.js';
import { createBoundedReader } from './bounded-reader.js';

const mostBytes = 1_048_576;

/**
 * Tells which findings somebody silenced: by `--ignore`, by `.gsac-check.json` in the checked folder,
 * or by a comment at the place of the finding.
 *
 * @throws {GsacError} `usage` if one of them names a rule that there is not.
 */
export function createIsSilenced(
  directory: string,
  flags: readonly string[],
): (finding: CheckFinding) => boolean {
  const read = createBoundedReader(directory);
  const texts = new Map<string, string | undefined>();
  const textOf = (file: string) => {
    if (!texts.has(file)) texts.set(file, readText(read, file));
    return texts.get(file);
  };
  const named = textOf(ignoreFile);
  const ignored = [
    ...flags.map(parseIgnored),
    ...(named === undefined ? [] : parseIgnoreFile(named)),
  ];
  return (finding) => {
    if (isIgnored(finding, ignored)) return true;
    const text = finding.line === null ? undefined : textOf(finding.file);
    return text !== undefined && isSilencedIn(text, finding);
  };
}

function readText(read: ReturnType<typeof createBoundedReader>, file: string): string | undefined {
  try {
    return read(file, mostBytes)?.toString('utf8');
  } catch (thrown) {
    if (systemCodeOf(thrown) === undefined) throw thrown;
    return undefined;
  }
}
