import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { root } from '../bootstrap.mjs';

const BLOCK = /^```(\S*)([^\n]*)\n(.*?)^```$/gms;

/**
 * The programs of every README and of the site's guides, each with the output that the block after it says it prints. A block marked
 * `ts fragment` is part of a longer program and is left out; one marked `ts no-run` is only compiled. After the words "Prints about:" numbers
 * with a decimal point may be others (`about`): they come from a training run.
 */
export const readmeSnippets = () => {
  const packages = readdirSync(`${root}packages`)
    .filter((name) => existsSync(`${root}packages/${name}/README.md`))
    .sort();
  const readmes = [['root', `${root}README.md`], ...packages.map((name) => [name, `${root}packages/${name}/README.md`])];
  const guides = ['guide', 'reference'].flatMap((folder) =>
    readdirSync(`${root}docs/${folder}`).map((file) => [`${folder}-${file.replace('.md', '')}`, `${root}docs/${folder}/${file}`]),
  );
  return [
    ...readmes.flatMap(([name, file]) =>
      snippetsOf(name, readFileSync(file, 'utf8')).map((snippet) => ({ ...snippet, once: name === 'root' })),
    ),
    // One Node is enough for those of the root and of the guides: they call what the packages' READMEs call.
    ...guides.flatMap(([name, file]) => snippetsOf(name, readFileSync(file, 'utf8')).map((snippet) => ({ ...snippet, once: true }))),
  ];
};

function snippetsOf(readme, markdown) {
  const blocks = [...markdown.matchAll(BLOCK)].map(({ 1: language, 2: info, 3: text, index, 0: all }) => ({
    ...{ language, info: info.trim(), text, from: index, to: index + all.length },
  }));
  return blocks.flatMap(({ language, info, text, to }, i) => {
    if (language !== 'ts' || info === 'fragment') return [];
    const next = blocks[i + 1];
    const between = next?.language === '' ? /^\s*(prints|Prints about:)?\s*$/.exec(markdown.slice(to, next.from)) : null;
    const shown = between && { output: next.text.trim(), about: between[1] === 'Prints about:' };
    return [{ name: `${readme}-${i + 1}`, code: text, runs: info !== 'no-run', ...shown }];
  });
}

/** Whether a program printed what its README shows. */
export const isAsShown = (printed, { output, about }) => {
  const compared = (text) => (about ? text.replaceAll(/\d+\.\d+/g, '0.0') : text);
  return output === undefined || compared(printed.trim()) === compared(output);
};
