// `npm run set-repository -- https://github.com/OWNER/NAME`: tells every package where its sources are, and makes links of READMEs absolute, which
// have to work on npm too. Run it again with another address to change it. Nothing else in the project knows the address.
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

/** @throws Error if it is no address of a repository */
export function checkAddress(address: string | undefined): string {
  const match = /^(https:\/\/[\w.-]+\/[\w.-]+\/[\w.-]+?)(?:\.git|\/)?$/.exec(address ?? '');
  if (match !== null) return match[1]!;
  throw new Error(`expected an address such as https://github.com/OWNER/NAME, got ${address ?? 'none'}`);
}

function main(): void {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const address = checkAddress(process.argv[2]);
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
  console.log(`all packages are of ${address} now; look at git diff`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
