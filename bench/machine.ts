import os from 'node:os';

export function machineLine(): string {
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${os.cpus().length} cores (${cpu?.model.trim()}), ${memory} GB, Node ${process.versions.node}`;
}

/** Of the last minute: what else ran beside. */
export function load(): string {
  return os.loadavg()[0]!.toFixed(1);
}
