import { NetSpaceError } from '@netspace/prep';

/**
 * SHA-256 of a file, in hexadecimal.
 *
 * @throws NetSpaceError `UNAVAILABLE` where there is no Web Crypto, as on pages served over plain http
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const { subtle } = webCrypto();
  if (subtle === undefined) {
    throw new NetSpaceError(
      'UNAVAILABLE',
      'sha256: expected globalThis.crypto.subtle, got none; serve the page over https or from localhost',
    );
  }
  const digest = await subtle.digest('SHA-256', new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const webCrypto = (): { readonly subtle?: SubtleCrypto } => globalThis.crypto;
