import { StringDecoder } from 'node:string_decoder';

/** What a person does at a prompt. */
export interface Typing {
  /** Characters, typed or pasted, without line breaks and control characters. */
  text(characters: string): void;
  /** A key that edits: a control character or an escape sequence, as the terminal sends it. */
  key(sequence: string): void;
  enter(): void;
  /** Ctrl-C or Ctrl-D. */
  cancel(): void;
  /** Ctrl-Z. */
  suspend(): void;
}

/** A terminal that is asked to puts these around what is pasted. */
const pasteStart = '\u001B[200~';
const pasteEnd = '\u001B[201~';

/** Ctrl-C and Ctrl-D, Ctrl-Z. */
const cancelling = '\u0003\u0004';
const stop = '\u001A';
/** What ends a run of typed characters. */
const special = new RegExp(`[\\r\\n${cancelling}${stop}]|${pasteStart.replace('[', '\\[')}`);

/**
 * Whether somebody gave up before there was a prompt. Linux turns an end of input that was sent
 * while the terminal still read lines into NUL.
 */
export function isGivenUp(chunk: Uint8Array): boolean {
  return chunk.some((byte) => byte === 3 || byte === 4 || byte === 0);
}

/** Runs of characters, and between them control characters with what may be their sequence. */
const runs = /\P{Cc}+|\p{Cc}(?:\[[\d;?]*[@-~]|O[A-Z])?/gu;

/**
 * Tells typed keys from a paste. What stands in a bracketed paste is one text, whatever is in it; in
 * other bytes a line break counts as Enter only if nothing follows it, at once or before
 * {@link TypingReader.settle}. Elsewhere it is a blank, so that a paste of several lines stays whole.
 */
export interface TypingReader {
  take(chunk: Uint8Array): void;
  /** Whether something was taken that only what follows explains. */
  readonly isWaiting: boolean;
  /** Says that nothing has followed for a moment. */
  settle(): void;
}

/** Creates a {@link TypingReader}. */
export function createTypingReader(typing: Typing): TypingReader {
  const decoder = new StringDecoder('utf8');
  /** What may go on in the next chunk: a line break, or the beginning of an escape sequence. */
  let held = '';
  /** What has been pasted so far, between the terminal's marks. */
  let pasted: string[] | undefined;
  let hasText = false;

  function pass(characters: string): void {
    for (const [run] of characters.matchAll(runs)) {
      if (/^\p{Cc}/u.test(run)) typing.key(run);
      else {
        typing.text(run);
        hasText = true;
      }
    }
  }

  /** Within a paste, line breaks and tabs separate words, and other control characters are nothing. */
  function passPasted(characters: string): void {
    const inner = characters.replace(/^[\r\n]+|[\r\n]+$/g, '');
    const line = inner.replace(/[\r\n\t]+/g, ' ').replace(/\p{Cc}/gu, '');
    if (line === '') return;
    typing.text(line);
    hasText = true;
  }

  function takePasted(text: string, parts: string[]): string {
    const end = text.indexOf(pasteEnd);
    if (end < 0) {
      const begun = beginningOf(pasteEnd, text);
      parts.push(text.slice(0, text.length - begun.length));
      held = begun;
      return '';
    }
    pasted = undefined;
    passPasted(parts.join('') + text.slice(0, end));
    return text.slice(end + pasteEnd.length);
  }

  /** Takes the first key or run of characters, and returns what follows. */
  function takeTyped(text: string): string {
    const found = special.exec(text);
    if (found === null) {
      const begun = beginningOf(pasteStart, text);
      pass(text.slice(0, text.length - begun.length));
      held = begun;
      return '';
    }
    pass(text.slice(0, found.index));
    const [sign] = found;
    const rest = text.slice(found.index + sign.length);
    if (sign === pasteStart) {
      pasted = [];
      return rest;
    }
    if (cancelling.includes(sign)) {
      typing.cancel();
      return '';
    }
    if (sign === stop) {
      typing.suspend();
      return rest;
    }
    const next = rest.replace(/^[\r\n\t]+/, '');
    if (next === '') held = '\r';
    // A key that follows does not go on with the line, as a character does.
    else if (/^\p{Cc}/u.test(next)) typing.enter();
    else if (hasText) pass(' ');
    return next;
  }

  return {
    take(chunk) {
      let text = held + decoder.write(Buffer.from(chunk));
      held = '';
      while (text !== '') text = pasted === undefined ? takeTyped(text) : takePasted(text, pasted);
    },
    get isWaiting() {
      return held !== '' && pasted === undefined;
    },
    settle() {
      if (pasted !== undefined) return;
      const waited = held;
      held = '';
      if (waited === '\r') typing.enter();
      else if (waited !== '') typing.key(waited);
    },
  };
}

/** The end of a text with which a mark may begin. */
function beginningOf(mark: string, text: string): string {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(mark.slice(0, length))) return mark.slice(0, length);
  }
  return '';
}
