import { DOMParser, type Node } from '@xmldom/xmldom';
import { parse } from 'plist';
import { messageOf } from '../../../core/errors.js';
import { createLineAt, findConflict } from '../locate.js';
import type { PlistLines } from '../model.js';
import { withoutComments } from './code.js';
import { isFields } from './json-file.js';

/** A property list that was read. */
export interface Plist {
  values: Record<string, unknown>;
  /** The lines of keys and of texts; a binary list has none. */
  lines: PlistLines;
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
    const values = toDictionary(guarded(() => parse(new Uint8Array(bytes))));
    return { values, lines: linesOf('') };
  }
  const text = decode(bytes);
  if (text.trim() === '') throw new PlistError('it is empty', null);
  const conflict = findConflict(text);
  if (conflict !== undefined) throw new PlistError(conflict.reason, conflict.line);
  // The library prints what it finds wrong, so it is given only what is right.
  if (/^\s*</.test(text)) requireWellFormed(text);
  else if (!/^\s*[{(]/.test(text)) throw new PlistError('it is no property list', null);
  return { values: toDictionary(guarded(() => parse(text))), lines: linesOf(text) };
}

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le').slice(1);
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** Key and text as XML has them, and a key as OpenStep has it. */
const token = /<key>([^<]*)<\/key>|>([^<>]+)(?=<)|(?:"([^"\n]*)"|(?<![\w.-])([\w.-]+))\s*=/g;

function linesOf(written: string): PlistLines {
  const text = withoutComments(written, 'xml');
  const lineAt = createLineAt(text);
  const keys = new Map<string, number>();
  const texts = new Map<string, number>();
  const repeated = new Map<string, number>();
  for (const { index, 1: key, 2: value, 3: quoted, 4: bare } of text.matchAll(token)) {
    const lines = value === undefined ? keys : texts;
    const name = value ?? (key ?? quoted ?? bare ?? '').trim();
    if (!lines.has(name)) lines.set(name, lineAt(index));
    else if (value === undefined) repeated.set(name, lineAt(index));
  }
  return { keys, texts, repeated };
}

/** Where an & stands that begins no reference, comments and CDATA left out. */
function findBareAmpersand(text: string): number | undefined {
  const next = /<!--|<!\[CDATA\[|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/gi;
  for (let found = next.exec(text); found !== null; found = next.exec(text)) {
    if (found[0] === '&') return found.index;
    const end = text.indexOf(found[0] === '<!--' ? '-->' : ']]>', next.lastIndex);
    if (end < 0) return undefined;
    next.lastIndex = end;
  }
  return undefined;
}

function requireWellFormed(text: string): void {
  const ampersand = findBareAmpersand(text);
  if (ampersand !== undefined) {
    const line = createLineAt(text)(ampersand);
    throw new PlistError('it holds an & that is not written as &amp;', line);
  }
  try {
    const document = new DOMParser({
      onError(_level, message, context) {
        throw new PlistError(toReason(message), lineOf(context));
      },
    }).parseFromString(text, 'text/xml');
    requirePairs(document);
  } catch (thrown) {
    if (thrown instanceof PlistError) throw thrown;
    throw new PlistError(toReason(messageOf(thrown)), lineOf(thrown));
  }
}

/** In a dictionary a value follows each key: the library makes one up, and Apple's parser refuses it. */
function requirePairs(document: Node): void {
  const open: Node[] = [document];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    const isDictionary = parent.nodeName === 'dict';
    let key: Node | undefined;
    for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
      if (node.nodeType !== node.ELEMENT_NODE) continue;
      open.push(node);
      if (!isDictionary) continue;
      const isKey = node.nodeName === 'key';
      if (isKey && key !== undefined) break;
      if (!isKey && key === undefined)
        throw new PlistError('it holds a value without a key', placeOf(node));
      key = isKey ? node : undefined;
    }
    if (key !== undefined) throw new PlistError('it holds a key without a value', placeOf(key));
  }
}

const placeOf = (node: Node) => lineOf({ locator: node });

/** What the parser says, without the values that it quotes and the trail that it appends. */
function toReason(message: string): string {
  const [first = ''] = message.slice(0, 300).split('\n');
  const text = first
    .replace(/^.*Error: /, '')
    .replace(/(content outside root element): .*$/i, '$1')
    .replace(/[\s:.]+$/, '');
  return text === '' ? 'it is no XML' : text.charAt(0).toLowerCase() + text.slice(1);
}

function lineOf(context: unknown): number | null {
  const { locator } = (context ?? {}) as { locator?: { lineNumber?: unknown } | null };
  const line = locator?.lineNumber;
  return typeof line === 'number' && line > 0 ? line : null;
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
  if (isFields(value) && !(value instanceof Date) && !(value instanceof Uint8Array)) return value;
  throw new PlistError('it holds no dictionary', null);
}
