import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { katex } from '@mdit/plugin-katex';
import { defineConfig } from 'vitepress';

const docs = fileURLToPath(new URL('..', import.meta.url));
const root = dirname(docs.replace(/[/\\]$/, ''));
const base = process.env['DOCS_BASE'] ?? '/';
const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { repository?: { url: string } };
/** Where the sources can be read, if that is known. */
const sources = repository?.url.replace(/^git\+/, '').replace(/\.git$/, '');

/** The pages of a folder, titled by their first heading; raw notes come last. */
const pagesIn = (folder: string) =>
  readdirSync(join(docs, folder))
    .filter((name) => name.endsWith('.md') && name !== 'index.md')
    .sort((a, b) => Number(a === 'notes.md') - Number(b === 'notes.md') || (a < b ? -1 : 1))
    .map((name) => ({
      text: /^# (.*)$/m.exec(readFileSync(join(docs, folder, name), 'utf8'))?.[1] ?? name,
      link: `/${folder}/${name.replace(/\.md$/, '')}`,
    }));

export default defineConfig({
  title: 'NetSpace',
  description: 'The space of deep models: encode trained networks into vectors, decode vectors into networks',
  base,
  // Without it a browser asks for /favicon.ico, which is not there.
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}favicon.svg` }]],
  cleanUrls: false,
  srcExclude: ['api/**', 'public/**'],
  // The API reference is made by typedoc after the site; scripts/docs.mjs checks links to it.
  ignoreDeadLinks: [/^\/api\//],
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === 'netspace-explorer' } } },
  markdown: {
    // As GitHub names headings, so that links work in both places.
    anchor: {
      slugify: (text) =>
        text
          .trim()
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
          .replaceAll(/\s/g, '-'),
    },
    config(markdown) {
      markdown.use(katex, { output: 'mathml', throwOnError: true });
      // A link that leads out of docs/ leads to the repository, or is plain text as long as its address is not known.
      const fallback = markdown.renderer.rules['link_open'] ?? ((tokens, i, options, _, self) => self.renderToken(tokens, i, options));
      markdown.renderer.rules['link_open'] = (tokens, i, options, env: { path?: string }, self) => {
        const href = tokens[i]?.attrGet('href') ?? '';
        const from = dirname(relative(docs, env.path ?? join(docs, 'index.md'))).replaceAll(sep, '/');
        const target = posix.normalize(posix.join(from, href));
        if (/^([a-z]+:|#|\/)/i.test(href) || !target.startsWith('../')) return fallback(tokens, i, options, env, self);
        if (sources === undefined) tokens[i]!.attrs = null;
        else tokens[i]!.attrSet('href', `${sources}/blob/main/${target.slice(3)}`);
        return self.renderToken(tokens, i, options);
      };
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/guide/first-ten-minutes' },
      { text: 'Explorer', link: '/explorer' },
      { text: 'Method', link: '/method' },
      { text: 'Command', link: '/reference/command' },
      { text: 'API', link: '/api/index.html', target: '_self' },
    ],
    sidebar: [
      {
        text: 'Start',
        items: [
          { text: 'What it is', link: '/' },
          { text: 'The first ten minutes', link: '/guide/first-ten-minutes' },
          { text: 'The explorer', link: '/explorer' },
        ],
      },
      {
        text: 'A space of my own',
        items: [
          { text: 'With a tf.LayersModel', link: '/guide/layers-model' },
          { text: 'With PyTorch', link: '/guide/pytorch' },
          { text: 'With shapes', link: '/guide/shapes' },
          { text: 'With data of my own', link: '/guide/own-data' },
          { text: 'Choosing sizes', link: '/guide/choosing-sizes' },
          { text: 'Is my space any good?', link: '/guide/is-it-good' },
          { text: 'Running out of memory or time', link: '/guide/memory-and-time' },
          { text: 'Several cores and machines', link: '/guide/several-machines' },
          { text: 'Planning a million networks', link: '/guide/large-zoos' },
          { text: 'Runtimes', link: '/guide/runtimes' },
          { text: 'The browser', link: '/guide/browser' },
          { text: 'Share a space', link: '/guide/sharing' },
        ],
      },
      {
        text: 'Reference',
        items: [
          { text: 'The command', link: '/reference/command' },
          { text: 'Config files', link: '/reference/config' },
          { text: 'Questions and errors', link: '/reference/errors' },
          { text: 'Glossary', link: '/reference/glossary' },
          { text: 'File formats', link: '/formats' },
          { text: 'API', link: '/api/index.html', target: '_self' },
        ],
      },
      {
        text: 'Background',
        items: [
          { text: 'The method', link: '/method' },
          { text: 'Gallery', link: '/gallery' },
          { text: 'Benchmarks', link: '/benchmarks' },
          { text: 'What a step saves', link: '/savings' },
          { text: 'Reliability', link: '/reliability' },
        ],
      },
      { text: 'Experiments', collapsed: true, items: pagesIn('experiments') },
      { text: 'Decisions', collapsed: true, items: pagesIn('decisions') },
    ],
  },
});
