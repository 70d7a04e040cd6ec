/** The beginning and the end: enough to tell two apart, too little to trust; the whole one is copied. */
export function shorten(hex: string): string {
  return hex.length <= 14 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`;
}

/** "MODEL_BUILDER" as "model builder" */
export function words(constant: string): string {
  return constant.toLowerCase().replaceAll('_', ' ');
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "datanet:1612:7" as { kind: 'datanet', chainId: '1612', key: '7' }; an account has no chain. */
export function partsOf(id: string): { kind: string; chainId: string | null; key: string } {
  const [kind = '', second = '', ...rest] = id.split(':');
  return rest.length === 0 ? { kind, chainId: null, key: second } : { kind, chainId: second, key: rest.join(':') };
}

/** What a thing is called where it has no name of its own: "Datanet 7", "Inference 0x12ab…9f00". */
export function titleOf(id: string, name?: string | null): string {
  if (name) return name;
  const { kind, key } = partsOf(id);
  return `${capital(kind)} ${shorten(key)}`;
}

/** A link from somebody's metadata, if it is one that may be followed. */
export function safeLink(uri: string): string | null {
  try {
    const { protocol } = new URL(uri);
    return protocol === 'https:' || protocol === 'http:' ? uri : null;
  } catch {
    return null;
  }
}
