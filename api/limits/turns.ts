/** Gives each address so many turns at a time; whoever comes beyond that waits until one of its own address ends. */
export interface Turns {
  /** Resolves with what ends the turn; null where `signal` came first. */
  take(address: string, signal: AbortSignal): Promise<(() => void) | null>;
}

interface Line {
  running: number;
  /** In the order in which they came. */
  waiting: Set<() => void>;
}

export function openTurns(atATime: number): Turns {
  const lines = new Map<string, Line>();
  const end = (address: string, line: Line) => {
    const [next] = line.waiting;
    if (next) {
      line.waiting.delete(next);
      next();
      return;
    }
    line.running -= 1;
    if (line.running === 0) lines.delete(address);
  };
  return {
    async take(address, signal) {
      if (signal.aborted) return null;
      const line = lines.get(address) ?? { running: 0, waiting: new Set() };
      lines.set(address, line);
      if (line.running < atATime) line.running += 1;
      else if (!(await inLine(line, signal))) return null;
      let ended = false;
      return () => {
        if (!ended) end(address, line);
        ended = true;
      };
    },
  };
}

function inLine(line: Line, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const leave = () => {
      if (line.waiting.delete(taken)) resolve(false);
    };
    const taken = () => {
      signal.removeEventListener('abort', leave);
      resolve(true);
    };
    line.waiting.add(taken);
    signal.addEventListener('abort', leave, { once: true });
  });
}
