import { useState } from 'react';
import { useConnection } from '../live/connection';
import { PastLink } from '../past/PastBar';
import { usePlace } from '../router/place';
import { SearchBox } from '../search/SearchBox';
import { ClockIcon, MenuIcon } from './icons';
import { ThemeSwitch } from './ThemeSwitch';

const LINKS = [
  ['/datanets', 'Datanets'],
  ['/models', 'Models'],
  ['/contributors?role=CONTRIBUTOR', 'Contributors'],
  ['/inferences', 'Inferences'],
  ['/rewards', 'Rewards'],
  ['/flywheel', 'Flywheel'],
] as const;

export function Header() {
  const place = usePlace();
  const [open, setOpen] = useState(false);
  const isHere = (href: string) => place.path === href.split('?')[0];
  return (
    <header className="top">
      <div className="inner">
        <a className="brand" href="/">
          <img src="/flywheel.svg" alt="" width="24" height="24" />
          Flywheel
        </a>
        <button
          type="button"
          className="plain menu"
          aria-expanded={open}
          aria-controls="navigation"
          aria-label="Menu"
          onClick={() => setOpen(!open)}
        >
          <MenuIcon />
        </button>
        <nav id="navigation" aria-label="Main" className={open ? 'open' : ''}>
          <ul>
            {LINKS.map(([href, name]) => (
              <li key={href}>
                <a href={href} aria-current={isHere(href) ? 'page' : undefined} onClick={() => setOpen(false)}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {place.path !== '/' && <SearchBox key={place.path} />}
        <SyncPill />
        <PastLink>
          <ClockIcon />
        </PastLink>
        <ThemeSwitch />
      </div>
    </header>
  );
}

/** How current everything is; leads to the details. */
function SyncPill() {
  const { state, chains } = useConnection();
  const broken = chains.some(({ error }) => error);
  const behind = Math.max(0, ...chains.map(({ blocksBehind }) => blocksBehind ?? 0));
  const text =
    state === 'connecting'
      ? 'connecting'
      : state === 'offline'
        ? 'offline'
        : broken
          ? 'halted'
          : behind > 3
            ? `${behind.toLocaleString('en')} behind`
            : 'in sync';
  const tone = text === 'in sync' ? 'good' : text === 'connecting' || state === 'live' ? 'wait' : 'bad';
  return (
    <a href="/status" className={`sync ${broken ? 'bad' : tone}`} title="Status of the index">
      <i aria-hidden="true" />
      <span>{text}</span>
    </a>
  );
}
