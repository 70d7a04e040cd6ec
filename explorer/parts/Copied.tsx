import { useEffect, useState } from 'react';

/** What is clicked and has data-copy is copied, and a small note says so. Stands once in the page. */
export function Copied() {
  const [note, setNote] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const copy = (event: MouseEvent) => {
      const value = (event.target as Element).closest?.<HTMLElement>('[data-copy]')?.dataset.copy;
      if (!value) return;
      navigator.clipboard?.writeText(value).then(
        () => setNote(`Copied ${value}`),
        () => setNote('The browser does not let this page copy'),
      );
      clearTimeout(timer);
      timer = setTimeout(() => setNote(''), 2_500);
    };
    document.addEventListener('click', copy);
    return () => document.removeEventListener('click', copy);
  }, []);
  return (
    <div className={`copied ${note ? 'there' : ''}`} role="status">
      {note}
    </div>
  );
}
