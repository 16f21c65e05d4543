import { readFileSync } from 'node:fs';
import { OAuth2Client } from 'google-auth-library';
import { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';

const { web } = JSON.parse(readFileSync(process.env['GSAC_CLIENT'], 'utf8'));
const auth = new OAuth2Client(web.client_id, web.client_secret, 'postmessage');
const { tokens } = await auth.getToken(process.argv[2]);
auth.setCredentials(tokens);
await auth.verifyIdToken({ idToken: tokens.id_token, audience: web.client_id });
await new drive_v3.Drive({ auth }).files.list({ spaces: 'appDataFolder' });
await auth.revokeCredentials();
