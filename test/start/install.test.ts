import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'install-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** As a command does before anything else; npm itself is left out. */
async function install(root: string): Promise<string> {
  const url = pathToFileURL(path.resolve(__dirname, '../../start/install.mjs')).href;
  const program = `
    const { install } = await import(${JSON.stringify(url)});
    const said = await install(process.argv[1], async () => (console.log('npm ran'), 1)).catch((error) => error.message);
    console.log(said ?? '');`;
  const args = ['--input-type=module', '--eval', program, root];
  return (await promisify(execFile)(process.execPath, args)).stdout;
}

it('packages are not installed through a link: npm would empty what it leads to', async () => {
  const [root, shared] = [path.join(folder, 'checkout'), path.join(folder, 'shared')];
  await mkdir(root);
  await mkdir(shared);
  await writeFile(path.join(shared, 'kept'), '');
  const lock = { packages: { '': {}, 'node_modules/missing': { version: '1.0.0' } } };
  await writeFile(path.join(root, 'package-lock.json'), JSON.stringify(lock));
  expect(await install(root)).toContain('npm ran');

  await symlink(shared, path.join(root, 'node_modules'));
  const said = await install(root);
  expect(said).toContain(`${path.join(root, 'node_modules')} is a link`);
  expect(said).not.toContain('npm ran');
  expect(await readdir(shared)).toEqual(['kept']);
});
