import { describe, expect, it } from 'vitest';

import { hubAccess, parseHubPlace } from './hub-place.js';

describe('parseHubPlace', () => {
  it('tells repositories from addresses', () => {
    expect(parseHubPlace('me/digits')).toEqual({ kind: 'hub', repository: 'me/digits', revision: 'main' });
    expect(parseHubPlace('me/digits@v1.0')).toEqual({ kind: 'hub', repository: 'me/digits', revision: 'v1.0' });
    expect(parseHubPlace('http://host/a')).toEqual({ kind: 'web', address: 'http://host/a' });
  });
  it.each(['digits', 'a/b/c', '../x', 'a/..', 'ftp://host/a', 'http://', 'a/b@../../x', 'a/b.git', ''])('refuses %j', (text) => {
    expect(() => parseHubPlace(text)).toThrow(/expected OWNER\/NAME/);
  });
  it('refuses a password in an address, and does not repeat it', () => {
    expect(() => parseHubPlace('http://me:secret@host/a')).toThrow(/^(?!.*secret).*host/);
  });
});

describe('hubAccess', () => {
  it('reads the two variables', () => {
    expect(hubAccess({})).toEqual({ endpoint: undefined, token: undefined });
    expect(hubAccess({ HF_TOKEN: ' hf_a1 ', HF_ENDPOINT: 'https://hub.test/' })).toEqual({ endpoint: 'https://hub.test', token: 'hf_a1' });
    expect(hubAccess({ HF_TOKEN: 'hf_a', HF_ENDPOINT: 'http://127.0.0.1:1' })).toMatchObject({ token: 'hf_a' });
  });
  it.each([
    [{ HF_TOKEN: 'secret' }, /HF_TOKEN to be a token/],
    [{ HF_TOKEN: 'hf_secret', HF_ENDPOINT: 'http://hub.test' }, /begin with https/],
    [{ HF_TOKEN: 'hf_secret', HF_ENDPOINT: 'http://localhost.evil.test' }, /begin with https/],
    [{ HF_ENDPOINT: 'hub' }, /HF_ENDPOINT to be an address/],
  ])('refuses %j, without the token in its words', (environment, message) => {
    expect(() => hubAccess(environment)).toThrow(message);
    expect(() => hubAccess(environment)).toThrow(/^(?!.*secret)/);
  });
});
