import { lineAt } from '../core/check/locate.js';
import { maskSecret } from '../core/secret.js';

/** Client secrets written into a text, masked; a placeholder is none. */
export function secretLiterals(text: string): { line: number; masked: string }[] {
  return [...text.matchAll(/GOCSPX-[\w-]{6,}/g)]
    .filter(([secret]) => !isFiller(secret))
    .map((match) => ({ line: lineAt(text, match.index), masked: maskSecret(match[0]) }));
}

/** Whether a secret is one that somebody is meant to replace. */
export function isFiller(secret: string): boolean {
  return /your|undefined|placeholder|replace|change_?me|insert|todo|x{5}|\.\.\.|[<>{}[\]*…]/i.test(
    secret,
  );
}
