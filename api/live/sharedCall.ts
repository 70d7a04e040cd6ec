/** One call for all who ask while one is under way: they get the next, which begins after they asked. */
export function sharedCall<T>(call: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> | undefined;
  let next: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    next = undefined;
    const started = call();
    running = started
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
      });
    return started;
  };
  return () => {
    if (next) return next;
    if (!running) return begin();
    next = running.then(begin);
    return next;
  };
}
