import type { CheckRule } from '../model.js';
import { appRules } from './app.js';
import { clientRules } from './clients.js';
import { fileRules } from './files.js';
import { firebaseRules } from './firebase.js';
import { idRules } from './ids.js';
import { infoPlistRules } from './info-plist.js';
import { macosRules } from './macos.js';
import { pinRules } from './pins.js';
import { schemeRules } from './schemes.js';
import { secretRules } from './secrets.js';

/** Every rule of `gsac check`. */
export const rules: readonly CheckRule[] = [
  ...idRules,
  ...clientRules,
  ...appRules,
  ...firebaseRules,
  ...schemeRules,
  ...infoPlistRules,
  ...macosRules,
  ...pinRules,
  ...secretRules,
  ...fileRules,
];
