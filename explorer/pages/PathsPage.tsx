import type { FormEvent } from 'react';
import { Suspense } from 'react';
import { Empty, Loading } from '../parts/states';
import { hrefWith, navigate, usePlace } from '../router/place';
import { PathList } from './charts';

/** How two things are connected: both stand in the URL. */
export function PathsPage() {
  const place = usePlace();
  const [from, to] = ['from', 'to'].map((name) => place.params.get(name)?.trim() ?? '') as [string, string];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    navigate(hrefWith(place, { from: idOf(form.get('from')), to: idOf(form.get('to')) }));
  };
  return (
    <div className="page">
      <title>How are they connected? · Flywheel</title>
      <header className="head">
        <h1>How are they connected?</h1>
        <p className="lead">
          Every way from data to money between two things: a contributor and an answer, a contribution and an account, a
          datanet and a reward.
        </p>
      </header>
      <form className="ends" onSubmit={submit} key={`${from} ${to}`}>
        <label>
          From <input name="from" defaultValue={from} placeholder="an address or an id" spellCheck={false} required />
        </label>
        <label>
          To <input name="to" defaultValue={to} placeholder="an address or an id" spellCheck={false} required />
        </label>
        <button type="submit" className="button primary">
          Show the ways
        </button>
      </form>
      {from && to ? (
        <Suspense fallback={<Loading rows={3} />}>
          <PathList from={from} to={to} />
        </Suspense>
      ) : (
        <Empty>Say both ends. A thing's id stands under its name on its page; an account's is its address.</Empty>
      )}
    </div>
  );
}

/** An address alone is an account. */
function idOf(value: FormDataEntryValue | null): string {
  const text = String(value ?? '').trim();
  return /^0x[0-9a-fA-F]{40}$/.test(text) ? `account:${text.toLowerCase()}` : text.replace(/^.*\/(?=[a-z]+:)/, '');
}
