/** A file's text, as Vite gives it. */
declare module '*?raw' {
  const text: string;
  export default text;
}

/** The address of a module's bundle, for a worker. */
declare module '*?worker&url' {
  const address: string;
  export default address;
}
