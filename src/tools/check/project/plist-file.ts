import { DOMParser } from '@xmldom/xmldom';
import { parse } from 'plist';
import { messageOf } from '../../../core/errors.js';
import { lineAt } from '../locate.js';

/** A property list that was read. */
export interface Plist {
  values: Record<string, unknown>;
  /** The text; undefined for a binary list. */
  text: string | undefined;
}

/** Why a property list could not be read. */
export class PlistError extends Error {
  readonly line: number | null;

  constructor(message: string, line: number | null) {
    super(message);
    this.name = 'PlistError';
    this.line = line;
  }
}

/**
 * Reads a property list: XML, binary or OpenStep.
 *
 * XML is held to what Apple's parser takes, which is stricter than the library's.
 *
 * @throws {PlistError} with a reason that quotes nothing of the file.
 */
export function parsePlist(bytes: Buffer): Plist {
  if (bytes.subarray(0, 6).toString('latin1') === 'bplist') {
    // A copy: what the list holds must outlive the reader's buffer.
    return { values: toDictionary(guarded(() => parse(new Uint8Array(bytes)))), text: undefined };
  }
  const text = decode(bytes);
  if (text.trim() === '') throw new PlistError('it is empty', null);
  const conflict = /^(<{7}|>{7}) /m.exec(text);
  if (conflict !== null) {
    throw new PlistError('it holds a merge conflict', lineAt(text, conflict.index));
  }
  // The library prints what it finds wrong, so it is given only what is right.
  if (/^\s*</.test(text)) requireWellFormed(text);
  else if (!/^\s*[{(]/.test(text)) throw new PlistError('it is no property list', null);
  return { values: toDictionary(guarded(() => parse(text))), text };
}

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le').slice(1);
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

function requireWellFormed(text: string): void {
  const bare = text.replace(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>/g, (part) =>
    part.replace(/[^\n]/g, ' '),
  );
  const ampersand = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i.exec(bare);
  if (ampersand !== null) {
    throw new PlistError(
      'it holds an & that is not written as &amp;',
      lineAt(text, ampersand.index),
    );
  }
  try {
    new DOMParser({
      onError(_level, message, context) {
        throw new PlistError(toReason(message), lineOf(context));
      },
    }).parseFromString(text, 'text/xml');
  } catch (thrown) {
    if (thrown instanceof PlistError) throw thrown;
    throw new PlistError(toReason(messageOf(thrown)), lineOf(thrown));
  }
}

/** What the parser says, without the values that it quotes and the trail that it appends. */
function toReason(message: string): string {
  const [first = ''] = message.split('\n');
  const text = first
    .replace(/^.*Error: /, '')
    .replace(/(content outside root element): .*$/i, '$1')
    .replace(/[\s:.]+$/, '');
  return text === '' ? 'it is no XML' : text.charAt(0).toLowerCase() + text.slice(1);
}

function lineOf(context: unknown): number | null {
  if (typeof context !== 'object' || context === null || !('locator' in context)) return null;
  const { locator } = context;
  if (typeof locator !== 'object' || locator === null || !('lineNumber' in locator)) return null;
  return typeof locator.lineNumber === 'number' && locator.lineNumber > 0
    ? locator.lineNumber
    : null;
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof RangeError) throw new PlistError('it is cut off or damaged', null);
    throw new PlistError(toReason(messageOf(thrown)), null);
  }
}

function toDictionary(value: unknown): Record<string, unknown> {
  const plain =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array);
  if (!plain) throw new PlistError('it holds no dictionary', null);
  return value as Record<string, unknown>;
}
