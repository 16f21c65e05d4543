import { text as id } from './client-id.browser.js';
import { text as oauth2 } from './client-oauth2.browser.js';
import { text as page } from './client-page.browser.js';
import { text as popup } from './client-popup.browser.js';

/** Google's script as browsers get it: its parts, one after another in one function. */
export const clientScript = `(() => {\n'use strict';\n${[popup, oauth2, id, page].join('\n')}})();\n`;
