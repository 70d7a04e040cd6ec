import { type KeyboardEvent, useState } from 'react';
import { nextStop, type Stop } from './nextStop';

const DIRECTIONS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** A picture is one stop of the Tab key; in it the arrows lead from node to node, and Enter opens one, as it is a link. */
export function useRoving(stops: readonly Stop[], begin: string, onLight: (id: string | null) => void) {
  const [at, setAt] = useState(begin);
  const current = stops.some(({ key }) => key === at) ? at : (stops.find(({ key }) => key === begin) ?? stops[0])?.key;
  return (key: string, id: string) => ({
    tabIndex: key === current ? 0 : -1,
    'data-stop': key,
    onFocus: () => {
      setAt(key);
      onLight(id);
    },
    onBlur: () => onLight(null),
    onKeyDown: (event: KeyboardEvent<Element>) => {
      const direction = DIRECTIONS[event.key];
      const from = stops.find((stop) => stop.key === key);
      if (!direction || !from) return;
      event.preventDefault();
      const next = nextStop(stops, from, direction);
      if (!next) return;
      const picture = event.currentTarget.closest('svg');
      picture?.querySelector<SVGElement>(`[data-stop="${CSS.escape(next.key)}"]`)?.focus();
    },
  });
}
