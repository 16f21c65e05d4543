const { google } = require('googleapis');
const router = require('express').Router();

function createOAuth2Client(redirectUri) {
  return new google.auth.OAuth2(
    process.env.GOOGLE_CLIENT_ID,
    process.env.GOOGLE_CLIENT_SECRET,
    redirectUri || process.env.GOOGLE_REDIRECT_URI
  );
}

router.get('/google', (req, res) => {
  const authUrl = createOAuth2Client().generateAuthUrl({ access_type: 'offline', prompt: 'consent', scope: ['https://www.googleapis.com/auth/gmail.modify'] });
  res.json({ authUrl });
});

router.get('/google/callback', async (req, res) => {
  const iosScheme = 'com.googleusercontent.apps.' + process.env.GOOGLE_CLIENT_ID.split('.')[0];
  const { tokens } = await createOAuth2Client().getToken(req.query.code);
  res.redirect(`${iosScheme}://oauth2callback?access_token=${tokens.access_token}`);
});

module.exports = router;
