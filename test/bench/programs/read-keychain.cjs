// The least program that reads an account's entry of the keychain, as a cached `gsac token` does.
const { getPassword } = require('keytar');

getPassword('gsac', process.argv[2]).then((text) => {
  if (text === null) throw new Error('There is no such entry');
  process.stdout.write(`${JSON.parse(text).sessionKey}\n`);
});
