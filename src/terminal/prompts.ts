import type { Prompts } from '../core/context.js';
import { GsacError } from '../core/errors.js';

/** What the prompts talk through. */
export interface PromptsOptions {
  /** Whether there is a person to ask: a terminal, and no `--no-input`. */
  possible: boolean;
  input: () => NodeJS.ReadableStream;
  /** stderr: stdout carries only results. */
  output: () => NodeJS.WritableStream;
}

/** Questions through inquirer's own parts, each loaded with the first question of its kind. */
export function createPrompts({ possible, input, output }: PromptsOptions): Prompts {
  const streams = () => ({ input: input(), output: output() });
  return {
    possible,
    async secret(message) {
      const { default: password } = await import('@inquirer/password');
      return password({ message, mask: '*' }, streams()).catch(rethrow);
    },
    async confirm(message) {
      const { default: confirm } = await import('@inquirer/confirm');
      return confirm({ message, default: false }, streams()).catch(rethrow);
    },
  };
}

function rethrow(thrown: unknown): never {
  if (thrown instanceof Error && /ExitPrompt|AbortPrompt|CancelPrompt/.test(thrown.name)) {
    throw new GsacError('cancelled', 'Cancelled.');
  }
  throw thrown;
}
