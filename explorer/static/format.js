/** An element with text, never markup: everything that comes from chain stays text. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Smallest units as whole tokens: exact, but for digits behind the first six decimals that matter. */
export function amountText({ amount, token }) {
  const symbol = token.symbol ?? (token.native ? 'native' : shortId(token.id));
  if (token.decimals === null) return `${grouped(amount)} units of ${symbol}`;
  const negative = amount.startsWith('-');
  const digits = amount.replace('-', '').padStart(token.decimals + 1, '0');
  const whole = digits.slice(0, digits.length - token.decimals);
  const fraction = digits.slice(digits.length - token.decimals);
  const leading = /^0*/.exec(fraction)[0].length;
  const kept = fraction.slice(0, whole === '0' ? leading + 4 : 4).replace(/0+$/, '');
  return `${negative ? '−' : ''}${grouped(whole)}${kept ? `.${kept}` : ''} ${symbol}`;
}

export function grouped(digits) {
  return String(digits).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** "account:0x1234…cdef", "datanet:1612:7". */
export function shortId(id) {
  return id.replace(/0x([0-9a-fA-F]{4})[0-9a-fA-F]{8,}([0-9a-fA-F]{4})/g, '0x$1…$2');
}

export function link(id, text = shortId(id)) {
  return el('a', { href: `#${encodeURIComponent(id)}`, title: id }, text);
}

export function timeText(iso) {
  const time = new Date(iso);
  return time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** CONTRIBUTOR, MODEL_BUILDER: as words. */
export function words(name) {
  return name.toLowerCase().replaceAll('_', ' ');
}

/** "1 block", "2 blocks". */
export function counted(n, noun) {
  return `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`;
}
