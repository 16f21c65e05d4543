import { Readable } from 'node:stream';
import { GsacError } from '../core/errors.js';
import { createTypingReader, isGivenUp } from './typing.js';

/** What the questions of a process are asked through. */
export interface PromptTerminal {
  /** stdin; with raw mode if it is a terminal. */
  readonly input: PromptInput;
  /** stderr: stdout carries only results. */
  readonly output: NodeJS.WritableStream;
  /** Aborted when the person cancels, or the process is asked to end. */
  readonly signal: AbortSignal;
  readonly jobControl?: JobControl | undefined;
}

/** The stream that a person types into. */
export type PromptInput = NodeJS.ReadableStream & {
  isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
};

/** Stopping and going on, as a shell with jobs has it. */
export interface JobControl {
  /** Stops the processes of this job, as Ctrl-Z does, unless nobody could continue them. */
  stop(): void;
  /** Told whenever this process goes on; returns what ends that. */
  onContinue(listener: () => void): () => void;
}

/** One of inquirer's own prompts with its texts. */
export type Question<T> = (streams: {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  signal: AbortSignal;
}) => Promise<T>;

/** Asks the terminal to mark what is pasted, and not to. */
const [markPastes, leavePastes] = ['\u001B[?2004h', '\u001B[?2004l'];
/** How long a line break waits for the next line of a paste. */
const settleMs = 50;
/** How long a stop may take to have its effect. */
const stopMs = 100;
/** Longest answer, in bytes, corrections included. */
const maxBytes = 16_384;

/** Something that was typed, as it is handed to the prompt. */
type Typed = { text: string } | { key: string };

/** Why a question ended without an answer. */
type End = 'cancelled' | 'stopped' | 'continued' | 'too-long';

/**
 * Asks a question. The prompt gets a keyboard of ours in the place of stdin, since readline would take
 * the first line of a paste for the answer, would leave the promise open at Ctrl-D and at the end of
 * the input, and would never draw the prompt again after `fg`. After that, the question is asked anew
 * and finds what had been typed.
 *
 * @throws {GsacError} `cancelled`; `usage` if the answer is too long.
 */
export async function ask<T>(question: Question<T>, terminal: PromptTerminal): Promise<T> {
  const typed: Typed[] = [];
  for (;;) {
    const outcome = await askOnce(question, terminal, typed);
    if ('answer' in outcome) return outcome.answer;
    if (outcome.end === 'too-long') {
      throw new GsacError('usage', `The answer is longer than ${maxBytes} bytes.`, {
        hint: 'Was the right text pasted?',
      });
    }
    if (outcome.end === 'cancelled') throw new GsacError('cancelled', 'Cancelled.');
    if (outcome.end === 'stopped') await stop(terminal.jobControl);
  }
}

async function askOnce<T>(
  question: Question<T>,
  { input, output, signal, jobControl }: PromptTerminal,
  typed: Typed[],
): Promise<{ answer: T } | { end: End }> {
  const ending = new AbortController();
  let end: End | undefined;
  const endBy = (why: End) => {
    end ??= why;
    ending.abort();
  };
  const cancel = () => endBy('cancelled');
  if (signal.aborted || !input.readable) return { end: 'cancelled' };

  const keyboard = new Readable({ read() {} });
  const press = (one: Typed) => {
    // A run of characters is one event, so that a long paste is drawn once.
    if ('text' in one) keyboard.emit('keypress', one.text, { sequence: one.text });
    else keyboard.emit('data', Buffer.from(one.key));
  };
  const note = (one: Typed) => {
    typed.push(one);
    press(one);
  };
  const reader = createTypingReader({
    text: (text) => note({ text }),
    key: (key) => note({ key }),
    enter: () => press({ key: '\r' }),
    cancel,
    suspend: () => (jobControl === undefined ? undefined : endBy('stopped')),
  });

  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let isAsked = false;
  let isMarking = false;
  const take = (chunk: Uint8Array | string) => {
    const taken = Buffer.from(chunk);
    bytes += taken.length;
    if (bytes > maxBytes) return endBy('too-long');
    // What was typed before there was a question is no answer to it.
    if (!isAsked) return isGivenUp(taken) ? cancel() : undefined;
    clearTimeout(timer);
    reader.take(taken);
    if (reader.isWaiting) timer = setTimeout(() => reader.settle(), settleMs);
  };
  const endings = ['end', 'close', 'error'] as const;
  const stopListening = jobControl?.onContinue(() => endBy('continued'));
  for (const name of endings) input.on(name, cancel);
  signal.addEventListener('abort', cancel);
  ignoreErrors(input);
  ignoreErrors(output);
  try {
    input.setRawMode?.(true);
    input.on('data', take);
    input.resume();
    if (input.isTTY) await passEarlyInput();
    isAsked = true;
    if (end !== undefined) return { end };
    isMarking = true;
    output.write(markPastes);
    const answering = question({ input: keyboard, output, signal: ending.signal });
    for (const one of typed) press(one);
    return { answer: await answering };
  } catch (thrown) {
    if (end !== undefined) return { end };
    // inquirer's own way of saying that the process is about to end.
    if (thrown instanceof Error && thrown.name === 'ExitPromptError') return { end: 'cancelled' };
    throw thrown;
  } finally {
    clearTimeout(timer);
    stopListening?.();
    for (const name of endings) input.off(name, cancel);
    signal.removeEventListener('abort', cancel);
    input.off('data', take);
    input.pause();
    input.setRawMode?.(false);
    if (isMarking) output.write(leavePastes);
  }
}

/** Waits until what lay in the terminal has been read. */
async function passEarlyInput(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Stops until somebody continues this job; where nobody could, goes on by itself. */
async function stop(jobControl: JobControl | undefined): Promise<void> {
  if (jobControl === undefined) return;
  await new Promise<void>((resolve) => {
    const goOn = () => {
      clearTimeout(timer);
      stopListening();
      resolve();
    };
    const stopListening = jobControl.onContinue(goOn);
    // The time runs while this process is stopped: the signal is looked at before the time is up.
    const timer = setTimeout(() => setImmediate(goOn), stopMs);
    jobControl.stop();
  });
}

/** A terminal that was closed refuses every read and write, and nobody is left to be told. */
function ignoreErrors(stream: NodeJS.EventEmitter): void {
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
}

function ignore(): void {}
