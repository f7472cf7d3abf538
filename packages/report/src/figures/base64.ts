/** Base64 of bytes, in a browser as well as in Node. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  const chunk = 0x8000; // as many arguments as every engine takes
  for (let start = 0; start < bytes.length; start += chunk) binary += String.fromCharCode(...bytes.subarray(start, start + chunk));
  return btoa(binary);
}

export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
