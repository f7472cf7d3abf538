import ts from 'typescript';

/** A name that several modules export, and the modules that export each declaration of it. */
export interface SharedName {
  readonly name: string;
  /** One list of modules per declaration. */
  readonly declarations: readonly (readonly string[])[];
}

/**
 * Names that modules export with different meanings. A name that several modules pass on from one declaration is not among them.
 *
 * @param modules each module's name and the path of its file
 */
export function ambiguousExports(modules: ReadonlyMap<string, string>, options: ts.CompilerOptions): readonly SharedName[] {
  const program = ts.createProgram([...modules.values()], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const names = new Map<string, Map<ts.Symbol, string[]>>();
  for (const [module, file] of modules) {
    const symbol = checker.getSymbolAtLocation(program.getSourceFile(file)!);
    if (symbol === undefined) continue; // a file without exports
    for (const exported of checker.getExportsOfModule(symbol)) {
      const declared = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const declarations = names.get(exported.name) ?? new Map<ts.Symbol, string[]>();
      declarations.set(declared, [...(declarations.get(declared) ?? []), module]);
      names.set(exported.name, declarations);
    }
  }
  return [...names]
    .filter(([, declarations]) => declarations.size > 1)
    .map(([name, declarations]) => ({ name, declarations: [...declarations.values()] }));
}
