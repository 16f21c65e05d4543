import type { Rule } from './model.js';
import { appRules } from './rules-app.js';
import { fileRules } from './rules-files.js';
import { idRules } from './rules-ids.js';
import { pinRules } from './rules-pins.js';
import { secretRules } from './rules-secrets.js';

/** Every rule of `gsac check`. */
export const rules: readonly Rule[] = [
  ...idRules,
  ...appRules,
  ...pinRules,
  ...secretRules,
  ...fileRules,
];
