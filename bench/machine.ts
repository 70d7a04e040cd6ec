import { readFileSync } from 'node:fs';
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

/** What a process holds in memory now, on Linux. */
export function residentBytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1]) * 1024;
}
