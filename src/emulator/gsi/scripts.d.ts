// The build and the tests hand out the text of such a file.
declare module '*.browser.js' {
  export const text: string;
}
