export const environment = {
  production: false,
  googleWebClientId: "587359444331-cds4bto9jdk937dwesfmdsyahglihf7u.apps.googleusercontent.com"
};
