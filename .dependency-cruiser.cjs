/**
 * Data goes one way: schema <- db <- indexer and api, which meet in tables only. start/ puts everything together.
 * A folder that isn't listed for another may not be imported from there.
 */
const mayImport = {
  schema: [],
  migrations: [],
  db: ['schema'],
  indexer: ['schema', 'db'],
  api: ['schema', 'db'],
  contracts: [],
  demo: ['contracts'],
  client: [],
  explorer: ['client'],
  bench: ['contracts', 'schema', 'db', 'indexer', 'api', 'demo', 'client'],
};

const folders = [...Object.keys(mayImport), 'networks', 'start', 'test'];

module.exports = {
  forbidden: [
    ...Object.entries(mayImport).map(([folder, allowed]) => ({
      name: `${folder}-imports-only-${allowed.join('-') || 'nothing-of-ours'}`,
      severity: 'error',
      from: { path: `^${folder}/` },
      to: { path: `^(${folders.filter((other) => other !== folder && !allowed.includes(other)).join('|')})/` },
    })),
    { name: 'only-tests-import-tests', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-missing-modules', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-undeclared-packages',
      comment: 'A package that only another package brings may be gone after the next install.',
      severity: 'error',
      from: { pathNot: '^(test|contracts|start/.*\\.mjs|jest\\.config)' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-development-packages-at-run-time',
      severity: 'error',
      from: { path: '^(schema|db|indexer|api|demo|client|start)/', pathNot: '\\.mjs$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|bench/peers)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'import', 'default', 'types'],
    },
  },
};
