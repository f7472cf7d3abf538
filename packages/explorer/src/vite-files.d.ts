declare module '*.wasm?url' {
  /** Address of the file, as Vite writes it. */
  const url: string;
  export default url;
}

declare module '*?worker&url' {
  /** Address of the bundled worker. */
  const url: string;
  export default url;
}
