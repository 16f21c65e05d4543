import type { Prompts } from '../core/context.js';
import { GsacError } from '../core/errors.js';

/** What the prompts talk through. */
export interface PromptsOptions {
  /** Whether there is a person to ask: a terminal, and no `--no-input`. */
  possible: boolean;
  input: () => NodeJS.ReadableStream;
  /** stderr: stdout carries results alone. */
  output: () => NodeJS.WritableStream;
}

/** Questions through inquirer, which is loaded with the first question. */
export function createPrompts({ possible, input, output }: PromptsOptions): Prompts {
  async function ask(question: {
    type: 'password' | 'confirm';
    message: string;
  }): Promise<unknown> {
    const { default: inquirer } = await import('inquirer');
    const prompt = inquirer.createPromptModule({ input: input(), output: output() });
    const { type, message } = question;
    try {
      const answers =
        type === 'password'
          ? await prompt([{ name: 'answer', type, message, mask: '*' }])
          : await prompt([{ name: 'answer', type, message, default: false }]);
      return answers.answer;
    } catch (thrown) {
      if (thrown instanceof Error && /ExitPrompt|AbortPrompt|CancelPrompt/.test(thrown.name)) {
        throw new GsacError('cancelled', 'Cancelled.');
      }
      throw thrown;
    }
  }

  return {
    possible,
    secret: async (message) => String(await ask({ type: 'password', message })),
    confirm: async (message) => (await ask({ type: 'confirm', message })) === true,
  };
}
