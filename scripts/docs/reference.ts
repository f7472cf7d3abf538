// Writes the pages of the site that are made from the program itself: the command (from commander's help) and the config files (from their JSON
// Schemas). They are not part of the repository; `npm run docs` makes them.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { createProgram } from '../../packages/node/src/cli/program.js';

type Command = ReturnType<typeof createProgram>;

interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const write = (name: string, lines: readonly string[]) => writeFileSync(path(`docs/reference/${name}.md`), `${lines.join('\n')}\n`);

write('command', commandPage());
write('config', configPage());

function commandPage(): readonly string[] {
  const root = createProgram({});
  return [
    ...['# The command', '', 'This page is generated from the command. `npx netspace COMMAND --help` prints the same text.', ''],
    ...['## netspace', '', ...helpOf(root)],
    ...leavesOf(root, []).flatMap(({ command, words }) => [`## ${words.join(' ')}`, '', ...helpOf(command)]),
  ];
}

function helpOf(command: Command): readonly string[] {
  const written: string[] = [];
  command.configureOutput({ writeOut: (text) => written.push(text), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return ['```text', written.join('').trimEnd(), '```', ''];
}

function leavesOf(command: Command, words: readonly string[]): readonly { readonly command: Command; readonly words: readonly string[] }[] {
  if (command.commands.length === 0) return [{ command, words }];
  return command.commands.flatMap((sub) => leavesOf(sub, [...words, sub.name()]));
}

function configPage(): readonly string[] {
  const kinds = ['zoo', 'shapes', 'space', 'sweep'].map((kind) => ({
    kind,
    schema: JSON.parse(readFileSync(path(`packages/node/schemas/${kind}.schema.json`), 'utf8')) as Schema,
  }));
  return [
    ...['# Config files', ''],
    'Config files are JSON. They may have comments and a comma after the last entry. `netspace init zoo`, `init shapes` and `init space` write all kinds but the',
    'last, with a comment above every key. `$schema` names the JSON Schema, with which editors complete and check the file. This page is generated from',
    'these schemas.',
    '',
    ...kinds.flatMap(({ kind, schema }) => [`## ${kind}`, '', `${schema.title ?? ''}.`, '', ...tableOf(schema)]),
  ];
}

function tableOf(schema: Schema): readonly string[] {
  return ['| key | value | default |', '| --- | --- | --- |', ...rowsOf(schema, '').map(breakable), ''];
}

/** A row whose key, such as `groups[].optimizer.momentum`, may break behind each dot: the table then fits the page. */
function breakable(row: string): string {
  return row.replace(/^\| `([^`]+)`/, (_, key: string) => `| <code>${key.replaceAll('.', '.<wbr>')}</code>`);
}

function rowsOf(schema: Schema, prefix: string): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    if (name === '$schema') return [];
    const key = `${prefix}${name}`;
    const standard = schema.required?.includes(name) === true ? '**required**' : one.default === undefined ? '' : code(one.default);
    const text = [one.description ?? '', kindOf(one)].filter((part) => part !== '').join(' ');
    return [`| \`${key}\` | ${escaped(text)} | ${standard} |`, ...innerRows(one, key)];
  });
}

/** The keys of an object, of the objects of a list, and of alternatives, each once. */
function innerRows(schema: Schema, key: string): readonly string[] {
  if (schema.properties !== undefined) return rowsOf(schema, `${key}.`);
  if (schema.items?.properties !== undefined) return rowsOf(schema.items, `${key}[].`);
  const rows = (schema.anyOf ?? []).flatMap((one) => {
    const only = alternative(one);
    // The key that tells alternatives apart is named in the row of the object and in the rows of its keys.
    const inner = innerRows(one, key).filter((row) => only === '' || !row.startsWith(`| \`${key}.${/\w+/.exec(only)?.[0] ?? ''}\` |`));
    return only === ''
      ? inner
      : inner.map((row) => row.replace(/ \| (With )?/, (_, within) => ` | With ${only}${within === undefined ? ': ' : ' and '}`));
  });
  return [...new Set(rows)];
}

/** What a value may be, as a sentence; nothing for an object, whose keys follow. */
function kindOf(schema: Schema): string {
  const phrase = phraseOf(schema);
  return phrase === '' ? '' : `${phrase[0]!.toUpperCase()}${phrase.slice(1)}.`;
}

function phraseOf(schema: Schema): string {
  if (schema.enum !== undefined) return `${schema.enum.length > 1 ? 'one of ' : ''}${schema.enum.map(code).join(', ')}`;
  if (schema.anyOf !== undefined) {
    const simple = schema.anyOf.filter(({ properties }) => properties === undefined).map(phraseOf);
    const objects = [...new Set(schema.anyOf.filter(({ properties }) => properties !== undefined).map(alternative))];
    const told = objects.filter((word) => word !== '').join(' or ');
    return [...simple, ...(objects.length > 0 ? [`an object${told === '' ? '' : ` with ${told}`}`] : [])].join(', or ');
  }
  if (schema.type === 'array') {
    if (schema.items?.properties !== undefined) return 'a list of objects with these keys';
    const each = schema.items === undefined ? '' : phraseOf(schema.items);
    return each === '' ? 'a list' : `a list, each entry ${each}`;
  }
  if (schema.type === undefined || schema.type === 'object') return '';
  const number = (value: number): string => value.toLocaleString('en-US');
  const bounds = [
    ...(schema.minimum === undefined ? [] : [`from ${number(schema.minimum)}`]),
    ...(schema.exclusiveMinimum === undefined ? [] : [`above ${number(schema.exclusiveMinimum)}`]),
    ...(schema.maximum === undefined ? [] : [`up to ${number(schema.maximum)}`]),
    ...(schema.exclusiveMaximum === undefined ? [] : [`below ${number(schema.exclusiveMaximum)}`]),
  ];
  const type = { integer: 'an integer', number: 'a number', string: 'text', boolean: '`true` or `false`' }[schema.type] ?? schema.type;
  return [type, ...bounds].join(' ');
}

/** The key and value that tell an object from its alternatives: `kind: 'sgd'`. */
function alternative({ properties = {} }: Schema): string {
  const [name, one] = Object.entries(properties).find(([, { enum: words }]) => words?.length === 1) ?? [];
  return name === undefined ? '' : `\`${name}: ${JSON.stringify(one?.enum?.[0])}\``;
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
