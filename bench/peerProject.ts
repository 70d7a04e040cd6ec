import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** bench/peers of the sources: it isn't compiled into dist/, where this runs. */
const sources = path.join(__dirname, '..', '..', 'bench', 'peers');
const INSTALL_LIMIT_MS = 600_000;

/**
 * Installs a peer's project into `folder` when it isn't there as it is in bench/peers, and returns where it is. Its
 * packages are none of ours, and nothing of them runs at install.
 * @throws Error with npm's last words when it can't be installed
 */
export async function peerProject(name: string, folder: string): Promise<string> {
  const project = path.join(folder, 'peers', name);
  const stampFile = path.join(project, '.installed');
  const stamp = stampOf(path.join(sources, name));
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return project;
  console.log(`Installing ${name} (once) ...`);
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project, { recursive: true });
  cpSync(path.join(sources, name), project, { recursive: true, filter: (file) => !file.includes('node_modules') });
  await npmInstall(project, name);
  writeFileSync(stampFile, stamp);
  return project;
}

function stampOf(source: string): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8', withFileTypes: true })) {
    const full = path.join(file.parentPath, file.name);
    if (file.isFile() && !full.includes('node_modules'))
      hash.update(path.relative(source, full)).update(readFileSync(full));
  }
  return hash.digest('hex');
}

function npmInstall(project: string, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const command = existsSync(path.join(project, 'package-lock.json')) ? 'ci' : 'install';
    const child = spawn(npm, [command, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: INSTALL_LIMIT_MS,
    });
    let said = '';
    const hear = (chunk: Buffer) => {
      said += chunk;
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ${command} of ${name} ended with ${code}: ${said.trim().slice(0, 1_000)}`));
    });
  });
}
