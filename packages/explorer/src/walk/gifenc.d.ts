// gifenc brings no types: what is used of it.
declare module 'gifenc' {
  export interface GifEncoder {
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { readonly palette: readonly (readonly number[])[]; readonly delay: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
  }
  export function GIFEncoder(): GifEncoder;
  export function quantize(rgba: Uint8Array | Uint8ClampedArray, colors: number): readonly (readonly number[])[];
  export function applyPalette(rgba: Uint8Array | Uint8ClampedArray, palette: readonly (readonly number[])[]): Uint8Array;
}
