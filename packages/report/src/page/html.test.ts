import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { html, trusted } from './html.js';

describe('html', () => {
  it('escapes text and keeps markup', () => {
    expect(html`<p title="${'"'}">${'<b>&'} ${html`<i>${1}</i>`}</p>`.markup).toBe('<p title="&#34;">&#60;b&#62;&#38; <i>1</i></p>');
  });
  it('joins lists and drops undefined and false', () => {
    expect(html`a${[html`b`, trusted('<c>')]}${undefined}${false}d`.markup).toBe('ab<c>d');
  });
  it('lets no text out of its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.markup).not.toMatch(/[<>"']/);
      }),
    );
  });
});
