// See .config/text-modules.js; scripts are declared with those of emulator/gsi.
declare module '*.browser.css' {
  export const text: string;
}
declare module '*.browser.html' {
  export const text: string;
}
