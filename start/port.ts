import { createServer } from 'node:net';
import { AppError } from '../schema/appError';

/** @throws AppError CONFIG when nobody else may listen there; asked before anything is started. */
export function checkPort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause: NodeJS.ErrnoException) => reject(refusal(host, port, cause)));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
  });
}

function refusal(host: string, port: number, cause: NodeJS.ErrnoException): AppError {
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is taken: stop what listens there, or set PORT.`,
    EACCES: `Port ${port} on ${host} needs more rights: set PORT to 1024 or above.`,
    EADDRNOTAVAIL: `HOST ${host} is not an address of this machine.`,
    ENOTFOUND: `HOST ${host} is not known.`,
  };
  return new AppError('CONFIG', reasons[cause.code ?? ''] ?? `Can't listen on ${host}:${port}: ${cause.message}.`, {
    cause,
  });
}
