import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useAsk } from '../data/useAsk';
import { Search } from '../documents';
import { SearchIcon } from '../parts/icons';
import { carried, navigate } from '../router/place';
import { lineOf } from './found';

const PAUSE_MS = 150;

/** Suggests while one writes; Enter opens what is marked, else the page of everything found. */
export function SearchBox({ large = false }: { large?: boolean }) {
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [marked, setMarked] = useState(-1);
  const asked = useSettled(text.trim(), PAUSE_MS);
  const { data, fetching } = useAsk(Search, { text: asked, first: 8 }, { pause: !asked });
  const lines = asked ? (data?.search ?? []).map(lineOf) : [];
  const shown = open && text.trim() !== '';
  const id = useId();

  const go = (href: string) => {
    setOpen(false);
    setText('');
    navigate(carried(href));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setOpen(false);
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    setOpen(true);
    const step = event.key === 'ArrowDown' ? 1 : -1;
    setMarked((marked + step + lines.length + 1) % (lines.length + 1));
  };
  const option = lines[marked];

  return (
    <search className={large ? 'searchbox large' : 'searchbox'} onBlur={() => setOpen(false)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (option) go(option.href);
          else if (text.trim()) go(`/search?q=${encodeURIComponent(text.trim())}`);
        }}
      >
        <SearchIcon />
        <input
          type="search"
          role="combobox"
          aria-label="Search"
          aria-expanded={shown}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={option && `${id}-${marked}`}
          placeholder={large ? 'A name, an address, a hash, a number or an id' : 'Search'}
          value={text}
          maxLength={1000}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            setMarked(-1);
            setOpen(true);
          }}
          onFocus={() => setOpen(true)}
          onKeyDown={onKeyDown}
        />
        {large && (
          <button type="submit" className="button primary">
            Search
          </button>
        )}
      </form>
      <div id={id} role="listbox" aria-label="Found" hidden={!shown || (!fetching && !data)}>
        {lines.map(({ href, title, note }, at) => (
          <div
            key={href}
            id={`${id}-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === marked}
            // The box keeps the focus; its own blur would close the list before the click.
            onMouseDown={(event) => {
              event.preventDefault();
              go(href);
            }}
            onMouseEnter={() => setMarked(at)}
          >
            <span>{title}</span>
            <small>{note}</small>
          </div>
        ))}
        {lines.length === 0 && (
          <div role="option" tabIndex={-1} aria-selected={false} aria-disabled="true" className="quiet">
            {fetching || asked !== text.trim() ? 'Searching…' : 'Nothing found'}
          </div>
        )}
      </div>
    </search>
  );
}

/** A value once it has stayed the same for so long. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
