// `npm run set-repository -- https://github.com/OWNER/NAME [SITE]`: tells every package where its sources are, makes links of READMEs absolute, which
// have to work on npm too, and tells errors where the site explains them. Without SITE that is where docs.yml publishes it, or, for another host
// than GitHub, the page in the repository. Run it again with another address to change it. Nothing else in the project knows the address.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

type Manifest = Readonly<Record<string, unknown>>;

/** A manifest that says where its sources, its page and its issues are. */
export function withRepository(manifest: Manifest, address: string, directory?: string): Manifest {
  const { repository: _repository, homepage: _homepage, bugs: _bugs, ...rest } = manifest;
  const fields = {
    repository: { type: 'git', url: `git+${address}.git`, ...(directory !== undefined && { directory }) },
    homepage: `${address}${directory === undefined ? '' : `/tree/main/${directory}`}#readme`,
    bugs: `${address}/issues`,
  };
  // They stand behind the license.
  return Object.fromEntries(
    Object.entries(rest).flatMap((entry) => (entry[0] === 'license' ? [entry, ...Object.entries(fields)] : [entry])),
  );
}

/** Markdown whose relative links lead to the repository; links that led to its former address lead to the new one. */
export function withAbsoluteLinks(markdown: string, address: string, directory: string, former?: string): string {
  const moved = former === undefined ? markdown : markdown.replaceAll(`](${former}/`, `](${address}/`);
  return moved.replaceAll(/\]\((?![a-z]+:|#)([^)\s]+)\)/g, (_, link: string) => {
    const path = posix.normalize(posix.join(directory, link));
    return `](${address}/${/\.(png|svg)$/.test(path) ? 'raw' : 'blob'}/main/${path})`;
  });
}

/** The page that explains error codes: of the site if its address is given or follows from GitHub's, else in the repository. */
export function errorsPage(address: string, site?: string): string {
  if (site !== undefined && !/^https:\/\/[\w.-]+(?::\d+)?(?:\/[\w./-]*)?$/.test(site)) {
    throw new Error(`expected the address of the site, such as https://OWNER.github.io/NAME, got ${site}`);
  }
  const [, owner, name] = /^https:\/\/github\.com\/([\w.-]+)\/([\w.-]+)$/.exec(address) ?? [];
  const published = site?.replace(/\/$/, '') ?? (owner === undefined ? undefined : `https://${owner.toLowerCase()}.github.io/${name}`);
  return published === undefined ? `${address}/blob/main/docs/reference/errors.md` : `${published}/reference/errors.html`;
}

/** The module that holds the address of that page, with another address. */
export function withHelpAddress(source: string, page: string): string {
  const line = /^export const HELP_ADDRESS: string \| undefined = .*;$/m;
  if (!line.test(source)) throw new Error('expected packages/prep/src/help-address.ts to export HELP_ADDRESS on one line');
  return source.replace(line, () => `export const HELP_ADDRESS: string | undefined = '${page}';`);
}

/** @throws Error if it is no address of a repository */
export function checkAddress(address: string | undefined): string {
  const match = /^(https:\/\/[\w.-]+\/[\w.-]+\/[\w.-]+?)(?:\.git|\/)?$/.exec(address ?? '');
  if (match !== null) return match[1]!;
  throw new Error(`expected an address such as https://github.com/OWNER/NAME, got ${address ?? 'none'}`);
}

const HELP = 'packages/prep/src/help-address.ts';

function main(): void {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const address = checkAddress(process.argv[2]);
  const page = errorsPage(address, process.argv[3]);
  const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');
  const manifestOf = (file: string) => JSON.parse(read(file)) as Manifest;
  const url = (manifestOf('package.json')['repository'] as { readonly url: string } | undefined)?.url;
  const former = url?.replace(/^git\+/, '').replace(/\.git$/, '');
  const write = (file: string, text: string) => writeFileSync(`${root}${file}`, text);
  const writeManifest = (file: string, directory?: string) =>
    write(file, `${JSON.stringify(withRepository(manifestOf(file), address, directory), undefined, 2)}\n`);
  for (const name of readdirSync(`${root}packages`)) {
    const directory = `packages/${name}`;
    writeManifest(`${directory}/package.json`, directory);
    write(`${directory}/README.md`, withAbsoluteLinks(read(`${directory}/README.md`), address, directory, former));
  }
  writeManifest('package.json');
  write(HELP, withHelpAddress(read(HELP), page));
  console.log(`all packages are of ${address} now, and errors point to ${page}; look at git diff, and build again`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
