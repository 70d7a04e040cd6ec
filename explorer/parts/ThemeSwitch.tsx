import { useState } from 'react';
import { MoonIcon, SunIcon } from './icons';

/** Light or dark as the system wants it, until somebody says otherwise; theme.js reads it before anything is painted. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme ?? 'light');
  const other = theme === 'dark' ? 'light' : 'dark';
  const change = () => {
    document.documentElement.dataset.theme = other;
    setTheme(other);
    try {
      localStorage.setItem('theme', other);
    } catch {
      // A browser that keeps nothing: it holds until the next load.
    }
  };
  return (
    <button type="button" className="plain" onClick={change} aria-label={`Switch to ${other} colours`}>
      {theme === 'dark' ? <SunIcon /> : <MoonIcon />}
    </button>
  );
}
