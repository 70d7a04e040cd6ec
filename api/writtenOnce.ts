const MOST_TEXTS = 50_000;

/** The same function, which remembers the texts that it gave lately: for one whose work costs many times a look. */
export function writtenOnce<Key extends string | number>(write: (key: Key) => string): (key: Key) => string {
  const texts = new Map<Key, string>();
  return (key) => {
    let text = texts.get(key);
    if (text === undefined) {
      text = write(key);
      if (texts.size >= MOST_TEXTS) texts.clear();
      texts.set(key, text);
    }
    return text;
  };
}
