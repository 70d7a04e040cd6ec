import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Compiles every contract to the committed artifacts: contracts/artifacts/<Name>.json and test/chain/Emitter.json, each
 * {contractName, abi, bytecode, sourcesHash}. Running programs read only those, so neither solc nor OpenZeppelin is
 * needed at run time; a test compares `sourcesHash` with the sources, so that they can't drift apart unseen.
 */

interface Artifact {
  contractName: string;
  abi: unknown[];
  bytecode: string;
  sourcesHash: string;
}

interface SolcOutput {
  errors?: { severity: string; formattedMessage: string; sourceLocation?: { file: string } }[];
  contracts?: Record<string, Record<string, { abi: { type: string }[]; evm: { bytecode: { object: string } } }>>;
}

/** A folder of sources and where the artifacts of its contracts go. */
export interface Unit {
  sources: string;
  artifacts: string;
}

const SETTINGS = {
  optimizer: { enabled: true, runs: 200 },
  viaIR: true,
  evmVersion: 'cancun',
  metadata: { bytecodeHash: 'none', appendCBOR: false },
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
} as const;

/** Both units of this repository, below its root. */
export function units(root: string): Unit[] {
  return [
    { sources: path.join(root, 'contracts'), artifacts: path.join(root, 'contracts', 'artifacts') },
    { sources: path.join(root, 'test', 'chain'), artifacts: path.join(root, 'test', 'chain') },
  ];
}

/** The .sol files below a folder, by their path inside it with forward slashes, sorted. */
function sourcesOf(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => file.endsWith('.sol'))
    .sort();
  return new Map(files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
}

/**
 * What an artifact was made from, as 64 hex digits: every source of its folder, the settings, and the versions of the
 * compiler and of OpenZeppelin as package.json pins them.
 */
export function sourcesHashOf(unit: Unit, root: string): string {
  const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const hash = createHash('sha256');
  hash.update(JSON.stringify([SETTINGS, devDependencies['solc'], devDependencies['@openzeppelin/contracts']]));
  for (const [file, content] of sourcesOf(unit.sources)) hash.update(JSON.stringify([file, content]));
  return hash.digest('hex');
}

/** Compiles a unit; throws with the compiler's messages, warnings of our own sources included. */
export function compile(unit: Unit, root: string): Artifact[] {
  const solc = require('solc') as {
    compile(input: string, callbacks: { import(file: string): { contents: string } | { error: string } }): string;
  };
  const sources = sourcesOf(unit.sources);
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([...sources].map(([file, content]) => [file, { content }])),
    settings: SETTINGS,
  };
  const readImport = (file: string) => {
    try {
      return { contents: readFileSync(require.resolve(file, { paths: [root] }), 'utf8') };
    } catch {
      return { error: `${file} not found` };
    }
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport })) as SolcOutput;
  const problems = (output.errors ?? []).filter(
    ({ severity, sourceLocation }) => severity === 'error' || sources.has(sourceLocation?.file ?? ''),
  );
  if (problems.length) throw new Error(problems.map((each) => each.formattedMessage).join('\n'));
  const sourcesHash = sourcesHashOf(unit, root);
  return [...sources.keys()].flatMap((file) =>
    Object.entries(output.contracts?.[file] ?? {})
      // Interfaces and abstract contracts have no code, and a library of internal functions nothing to call.
      .filter(([, { abi, evm }]) => evm.bytecode.object !== '' && abi.some((each) => each.type === 'function'))
      .map(([contractName, contract]) => ({
        contractName,
        abi: contract.abi,
        bytecode: `0x${contract.evm.bytecode.object}`,
        sourcesHash,
      })),
  );
}

/** The artifacts of a unit's folder were all made from the sources as they are. */
export function isCurrent(unit: Unit, root: string): boolean {
  if (!existsSync(unit.artifacts)) return false;
  const sourcesHash = sourcesHashOf(unit, root);
  const artifacts = readdirSync(unit.artifacts)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(path.join(unit.artifacts, file), 'utf8')) as Partial<Artifact>)
    .filter((each) => each.sourcesHash !== undefined);
  return artifacts.length > 0 && artifacts.every((each) => each.sourcesHash === sourcesHash);
}

/**
 * Compiles what has changed (half a minute) and replaces its committed artifacts. Returns the names of the contracts that
 * were compiled, none if everything was current.
 */
export function compileAll(root: string): string[] {
  const stale = units(root).filter((unit) => !isCurrent(unit, root));
  return stale.flatMap((unit) => {
    const artifacts = compile(unit, root);
    if (unit.artifacts !== unit.sources) {
      // An artifact whose contract is gone goes too.
      rmSync(unit.artifacts, { recursive: true, force: true });
      mkdirSync(unit.artifacts, { recursive: true });
    }
    for (const artifact of artifacts) {
      writeFileSync(path.join(unit.artifacts, `${artifact.contractName}.json`), `${JSON.stringify(artifact)}\n`);
    }
    return artifacts.map((artifact) => artifact.contractName);
  });
}
