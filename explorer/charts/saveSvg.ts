import { download } from '../lists/CsvButton';

/** What the style sheet says of an element that a picture needs where there is no style sheet. */
const STYLES = [
  'fill',
  'stroke',
  'stroke-opacity',
  'fill-opacity',
  'opacity',
  'font-size',
  'font-family',
  'font-weight',
  'text-anchor',
  'paint-order',
  'stroke-width',
  'stroke-linejoin',
];

/** The picture as it is on the page, as a file of its own. */
export function saveSvg(svg: SVGSVGElement | null, name: string): void {
  if (!svg) return;
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const copies = copy.querySelectorAll<SVGElement>('*');
  for (const [place, element] of svg.querySelectorAll('*').entries()) {
    const style = getComputedStyle(element);
    for (const property of STYLES) copies[place]?.setAttribute(property, style.getPropertyValue(property));
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const ground = getComputedStyle(document.documentElement).getPropertyValue('--surface');
  copy.setAttribute('style', `background:${ground}`);
  download(new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }), name);
}
