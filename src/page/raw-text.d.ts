/** A file as text, which the bundler puts in its place. */
declare module '*?raw' {
  const text: string;
  export default text;
}
