// The JSON Schemas of config files (`packages/node/schemas`), by which editors complete and check them. They are made from the descriptions of
// options: structure and documentation come from the types, what a number or text may be from what the check says when it refuses one.
// `npx tsx scripts/json-schemas.ts` writes them, with `--check` it fails if they are not up to date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { isNetSpaceError } from '@netspace/prep';
import { type Option, parseOptions } from '@netspace/prep/internal';
import { fieldRecipeOptions, shapeRecipeOptions, zooRecipeOptions } from '@netspace/train/internal';
import ts from 'typescript';

import { sweepOptions } from '../packages/node/src/cli/sweep/sweep-config.js';
import { trainConfigOptions } from '../packages/node/src/cli/training/train-config.js';

interface Json {
  readonly [key: string]: unknown;
}
/** Puts a value where a schema's is, in a config that has what tells alternatives apart. */
type Place = (value: unknown) => unknown;

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'packages', 'node', 'schemas');

/** The kinds of config: where the type of each stands, what checks it, and what it is for. */
const KINDS: Readonly<Record<string, { readonly type: string; readonly option: Option<unknown>; readonly title: string }>> = {
  zoo: {
    type: `import('../packages/train/src/recipes/zoo-recipe.js').ZooRecipe`,
    option: zooRecipeOptions as Option<unknown>,
    title: 'Recipe of a zoo of classifiers, for netspace zoo build',
  },
  shapes: {
    type: `import('../packages/train/src/recipes/shape-recipe.js').ShapeRecipe`,
    option: shapeRecipeOptions as Option<unknown>,
    title: 'Recipe of a zoo of shapes, for netspace zoo build',
  },
  fields: {
    type: `import('../packages/train/src/recipes/field-recipe.js').FieldRecipe`,
    option: fieldRecipeOptions as Option<unknown>,
    title: 'Recipe of a zoo of fields, one network for each picture, for netspace zoo build',
  },
  space: {
    type: `import('@netspace/prep/internal').GivenBy<typeof import('../packages/node/src/cli/training/train-config.js').trainConfigOptions>`,
    option: trainConfigOptions as Option<unknown>,
    title: 'How to learn a space, for netspace train',
  },
  sweep: {
    type: `import('@netspace/prep/internal').GivenBy<typeof import('../packages/node/src/cli/sweep/sweep-config.js').sweepOptions>`,
    option: sweepOptions as Option<unknown>,
    title: 'Several spaces that differ in some keys of one config, for netspace sweep',
  },
};

/** What a check says that a value has to be, in JSON Schema. */
const CONSTRAINTS: Readonly<Record<string, Json>> = {
  'a positive integer up to 100000': { type: 'integer', minimum: 1, maximum: 100_000 },
  'a finite number': { type: 'number' },
  'a positive number': { type: 'number', exclusiveMinimum: 0 },
  'a positive number up to 1e9': { type: 'number', exclusiveMinimum: 0, maximum: 1e9 },
  'a number from 0 up': { type: 'number', minimum: 0 },
  'a number from 0 to 1': { type: 'number', minimum: 0, maximum: 1 },
  'a number from 0 up and below 1': { type: 'number', minimum: 0, exclusiveMaximum: 1 },
  'a positive integer': { type: 'integer', minimum: 1 },
  'an integer from 2 to 1024': { type: 'integer', minimum: 2, maximum: 1024 },
  'an integer from 1 to 64': { type: 'integer', minimum: 1, maximum: 64 },
  'a positive integer up to 1e7': { type: 'integer', minimum: 1, maximum: 1e7 },
  'an integer from 0 up': { type: 'integer', minimum: 0 },
  'letters, digits, dots, dashes and underscores': { type: 'string', pattern: '^[\\w.-]*$' },
  '[height, width] in positive integers, such as [8, 400]': {
    ...{ type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 2, maxItems: 2 },
  },
  text: { type: 'string' },
  'values by key': { type: 'object' },
  'lists of values by key': { type: 'object', additionalProperties: { type: 'array', minItems: 1 } },
};

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile.bind(ts.sys));
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const entry = join(root, 'scripts', 'json-schemas-entry.ts');
const source = Object.entries(KINDS)
  .map(([kind, { type }]) => `export declare const ${kind}: ${type};`)
  .join('\n');
const host = ts.createCompilerHost(options);
delete options.tsBuildInfoFile;
const program = ts.createProgram(
  [entry],
  { ...options, incremental: false },
  {
    ...host,
    fileExists: (file) => file === entry || host.fileExists(file),
    readFile: (file) => (file === entry ? source : host.readFile(file)),
    getSourceFile: (file, ...rest) =>
      file === entry ? ts.createSourceFile(file, source, ts.ScriptTarget.ES2022) : host.getSourceFile(file, ...rest),
  },
);
const checker = program.getTypeChecker();
const file = program.getSourceFile(entry)!;
const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(file)!);

const stale: string[] = [];
mkdirSync(target, { recursive: true });
for (const [kind, { option, title }] of Object.entries(KINDS)) {
  const symbol = symbols.find(({ name }) => name === kind)!;
  const schema = objectSchema(checker.getTypeOfSymbol(symbol), (value) => value, [], option);
  const properties = { $schema: { type: 'string', description: 'This schema, for editors.' }, ...(schema['properties'] as Json) };
  const whole = { $schema: 'http://json-schema.org/draft-07/schema#', title, ...schema, properties };
  const text = `${JSON.stringify(whole, undefined, 2)}\n`;
  const path = join(target, `${kind}.schema.json`);
  if (!process.argv.includes('--check')) writeFileSync(path, text);
  else if (readOrNothing(path) !== text) stale.push(path);
}
if (stale.length > 0) console.error(`not up to date: ${stale.join(', ')}; run npx tsx scripts/json-schemas.ts`);
process.exitCode = stale.length > 0 ? 1 : 0;

function schemaOf(type: ts.Type, place: Place, path: readonly string[], option: Option<unknown>): Json {
  const parts = (type.isUnion() ? type.types : [type]).filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
  const words = parts.filter((part): part is ts.StringLiteralType => part.isStringLiteral());
  const rest = parts.filter((part) => !part.isStringLiteral());
  const schemas = [
    ...(words.length > 0 ? [{ enum: words.map(({ value }) => value) }] : []),
    ...(rest.length > 0 && rest.every(({ flags }) => flags & ts.TypeFlags.BooleanLiteral)
      ? [{ type: 'boolean' }]
      : rest.map((part) => partSchema(part, place, path, option))),
  ];
  return schemas.length === 1 ? schemas[0]! : { anyOf: schemas };
}

function partSchema(type: ts.Type, place: Place, path: readonly string[], option: Option<unknown>): Json {
  if (checker.isTupleType(type)) return refusalSchema(place, path, option);
  if (checker.isArrayType(type)) {
    const [each] = checker.getTypeArguments(type as ts.TypeReference);
    const least = accepts(place([]), path, option) ? {} : { minItems: 1 };
    return { type: 'array', items: schemaOf(each!, (value) => place([value]), [...path, '0'], option), ...least };
  }
  if (checker.getIndexInfoOfType(type, ts.IndexKind.String) !== undefined) return refusalSchema(place, path, option);
  if (type.flags & (ts.TypeFlags.Number | ts.TypeFlags.String)) return refusalSchema(place, path, option);
  if (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return objectSchema(type, place, path, option);
  throw new Error(`json-schemas: no schema for ${path.join('.')}: ${checker.typeToString(type)}`);
}

function objectSchema(type: ts.Type, place: Place, path: readonly string[], option: Option<unknown>): Json {
  const all = checker.getPropertiesOfType(type).map((symbol) => ({ symbol, type: checker.getTypeOfSymbol(symbol) }));
  const fixed = Object.fromEntries(all.flatMap(({ symbol, type }) => (type.isStringLiteral() ? [[symbol.name, type.value]] : [])));
  const known = all.filter(({ type }) => !(type.flags & ts.TypeFlags.Undefined)); // what has no meaning here has no other type
  const properties = known.map(({ symbol, type }) => {
    const inner = schemaOf(type, (value) => place({ ...fixed, [symbol.name]: value }), [...path, symbol.name], option);
    return [symbol.name, { ...documentation(symbol, [...path, symbol.name]), ...inner }];
  });
  const required = known.filter(({ symbol }) => !(symbol.flags & ts.SymbolFlags.Optional)).map(({ symbol }) => symbol.name);
  return {
    ...{ type: 'object', properties: Object.fromEntries(properties) as Json },
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/** What the check says of a value that is nothing that it takes. */
function refusalSchema(place: Place, path: readonly string[], option: Option<unknown>): Json {
  const what = refusal(place(null), path, option);
  const constraint = what === undefined ? undefined : CONSTRAINTS[what];
  if (constraint !== undefined) return constraint;
  throw new Error(`json-schemas: ${path.join('.')} is to be ${what ?? 'anything'}, for which CONSTRAINTS has no entry`);
}

function accepts(config: unknown, path: readonly string[], option: Option<unknown>): boolean {
  return refusal(config, path, option) === undefined;
}

function refusal(config: unknown, path: readonly string[], option: Option<unknown>): string | undefined {
  try {
    parseOptions('config', option, config);
  } catch (error) {
    if (!isNetSpaceError(error)) throw error;
    const start = `expected ${path.join('.')} to be `;
    const from = error.message.indexOf(start);
    return from < 0 ? undefined : /^(.*?), got /.exec(error.message.slice(from + start.length))?.[1]?.replace(/ or a schedule$/, '');
  }
  return undefined;
}

function documentation(symbol: ts.Symbol, path: readonly string[]): Json {
  const text = ts
    .displayPartsToString(symbol.getDocumentationComment(checker))
    .replaceAll(/\{@link (\w+)\}/g, '$1')
    .replaceAll('\n', ' ');
  const standard = symbol.getJsDocTags(checker).find(({ name }) => name === 'default');
  if (text === '' && standard === undefined && path.at(-1) !== 'kind' && path.length < 3) {
    throw new Error(`json-schemas: ${path.join('.')} has no doc comment`);
  }
  const standardText = standard && ts.displayPartsToString(standard.text).trim().replaceAll('\n', ' ');
  const value = standardText === undefined ? undefined : valueIn(standardText);
  const description = [text, ...(standardText !== undefined && value === undefined ? [`Default: ${standardText}.`] : [])].join(' ').trim();
  return { ...(description !== '' && { description }), ...(value !== undefined && { default: value }) };
}

/** The value that a `@default` writes, if it is one: `100_000`, `'auto'`, `{ nets: 8 }`. */
function valueIn(text: string): unknown {
  const json = text
    .replaceAll(/(\d)_(?=\d)/g, '$1')
    .replaceAll(/'([^']*)'/g, '"$1"')
    .replaceAll(/(\w+):/g, '"$1":');
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
