import type { CodeSource } from '../core/code-source.js';
import { missingScopes } from '../core/scopes.js';
import type { Warning } from './book.js';
import type { Exchanged } from './exchange.js';

/** How a refresh token is had on each platform, once consent was given before. */
const forceRefreshToken: Readonly<Record<CodeSource, string>> = {
  ios: 'On iOS call GIDSignIn.sharedInstance.disconnect(), then sign in interactively and exchange the new code.',
  android:
    'On Android ask for the code with forceCodeForRefreshToken = true (requestOfflineAccess(clientId, true)), sign in and exchange the new code.',
  'web-popup':
    'On the web ask with access_type=offline and prompt=consent, then exchange the new code.',
  'web-redirect':
    'On the web ask with access_type=offline and prompt=consent, then exchange the new code.',
};

/**
 * What a person should know of an exchange that went well: a copy left behind, no refresh token, scopes that were not
 * granted, an ID token that is not valid, an odd answer.
 */
export function findWarnings(
  { tokens, status, idToken, warnings: kept }: Exchanged,
  source: CodeSource,
  expectedScopes: readonly string[],
): Warning[] {
  const warnings: Warning[] = [...kept];
  if (tokens.refreshToken === undefined) {
    warnings.push({
      code: status === 'kept_previous' ? 'refresh_token_kept' : 'refresh_token_absent',
      message:
        status === 'kept_previous'
          ? 'Google gave no refresh token, since this person had consented before; the stored one was kept.'
          : 'Google gave no refresh token: this person had consented before, or offline access was not asked for.',
      hint: forceRefreshToken[source],
    });
  }
  // An answer that names no scopes grants those asked for (RFC 6749, 5.1).
  const missing = tokens.scopes === undefined ? [] : missingScopes(expectedScopes, tokens.scopes);
  if (missing.length > 0) {
    warnings.push({
      code: 'scope_missing',
      message: `Not granted: ${missing.join(', ')}.`,
      hint: 'The box was left unticked on the consent page, or the app did not ask for it.',
    });
  }
  if (idToken === null) {
    warnings.push({
      code: 'id_token_absent',
      message: 'No ID token came, so the account has no name.',
      hint: 'Ask for the scopes openid and email.',
    });
  } else if (idToken.verdict !== 'valid') {
    warnings.push({
      code: `id_token_${idToken.verdict}`,
      message: `The ID token is ${idToken.verdict}.`,
      hint: 'See its checks above, or run `gsac claims`.',
    });
  }
  if (tokens.oddities.length > 0) {
    warnings.push({
      code: 'answer_odd',
      message: `The answer is not as documented: ${tokens.oddities.join(', ')}.`,
      hint: 'See it with --trace on the next exchange.',
    });
  }
  return warnings;
}
