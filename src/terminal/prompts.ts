import type { Prompts } from '../core/context.js';
import type { PromptTerminal } from './ask.js';

/** What the prompts talk through. */
export interface PromptsOptions {
  /** Whether there is a person to ask: a terminal, and no `--no-input`. */
  possible: () => boolean;
  terminal: () => PromptTerminal;
}

/** Questions through inquirer's own prompts, each loaded with the first question of its kind. */
export function createPrompts({ possible, terminal }: PromptsOptions): Prompts {
  return {
    get possible() {
      return possible();
    },
    async secret(message) {
      const [{ default: password }, { ask }] = await Promise.all([
        import('@inquirer/password'),
        import('./ask.js'),
      ]);
      // No key shows what was typed: a shared screen or a recording would have it.
      const wish = { message, mask: '*', toggleMask: false };
      return ask((streams) => password(wish, streams), terminal());
    },
    async confirm(message) {
      const [{ default: confirm }, { ask }] = await Promise.all([
        import('@inquirer/confirm'),
        import('./ask.js'),
      ]);
      return ask((streams) => confirm({ message, default: false }, streams), terminal());
    },
  };
}
