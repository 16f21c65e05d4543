import { findSecrets } from '../core/secret.js';
import type { Io } from './io.js';

/**
 * For a run under GitHub Actions: every secret is registered with the runner before it is written, so
 * that the log shows `***` in its place from then on.
 *
 * Secrets of Google's are found by their looks in whatever is written; `announce` tells of others.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log
 */
export function maskInLogs(io: Io) {
  const told = new Set<string>();

  function announce(secret: string): void {
    if (secret.trim() === '' || told.has(secret)) return;
    told.add(secret);
    io.writeStderr(`::add-mask::${escapeData(secret)}\n`);
  }

  const masking: Io = Object.create(io, {
    writeStdout: {
      value: (output: string | Uint8Array) => {
        if (typeof output === 'string') for (const secret of findSecrets(output)) announce(secret);
        return io.writeStdout(output);
      },
    },
    writeStderr: {
      value: (text: string) => {
        for (const secret of findSecrets(text)) announce(secret);
        io.writeStderr(text);
      },
    },
  });
  return { io: masking, announce };
}

/** The runner's own escapes, the percent sign first. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
