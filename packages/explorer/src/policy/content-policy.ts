import directives from './content-policy.json' with { type: 'json' };

/**
 * The content security policy that the page needs, and no more: no script from elsewhere, no code made of text, no request to another site.
 *
 * A server of your own sends it as the header `content-security-policy`.
 *
 * @example
 * ```ts
 * import { CONTENT_POLICY } from '@netspace/explorer';
 *
 * console.log(CONTENT_POLICY.split('; ')[1]); // script-src 'self' 'wasm-unsafe-eval'
 * ```
 */
export const CONTENT_POLICY: string = directives.join('; ');
