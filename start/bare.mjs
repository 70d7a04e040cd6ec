// What every npm script calls. Plain Node without dependencies, so that it works in a fresh clone; the syntax here must
// be one that an old Node still reads, to be able to say that it is too old.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Flywheel needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
  process.exit(2);
}
const { run } = await import('./run.mjs');
await run(process.argv[2], process.argv.slice(3));
