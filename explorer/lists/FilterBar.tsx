import { useId } from 'react';
import { hrefWith, navigate, usePlace } from '../router/place';
import type { Filter } from './definition';

/** The list begins anew where it is filtered otherwise. */
const ANEW = { after: undefined, before: undefined };

export function FilterBar({ filters }: { filters: readonly Filter[] }) {
  const place = usePlace();
  const set = (param: string, value: string) => {
    if ((place.params.get(param) ?? '') === value) return;
    navigate(hrefWith(place, { ...ANEW, [param]: value || undefined }));
  };
  const active = filters.some(({ param }) => place.params.has(param));
  const none = Object.fromEntries(filters.map(({ param }) => [param, undefined]));
  return (
    <search className="filters">
      {filters.map((filter) => (
        <FilterField
          key={`${filter.param} ${place.params.get(filter.param)}`}
          filter={filter}
          value={place.params.get(filter.param) ?? ''}
          onChange={(value) => set(filter.param, value)}
        />
      ))}
      {active && (
        <a className="clear" href={hrefWith(place, { ...ANEW, ...none })}>
          Clear filters
        </a>
      )}
    </search>
  );
}

function FilterField({
  filter: { param, label, choices, placeholder },
  value,
  onChange,
}: {
  filter: Filter;
  value: string;
  onChange(value: string): void;
}) {
  const id = useId();
  return (
    <form
      className={value ? 'field set' : 'field'}
      onSubmit={(event) => {
        event.preventDefault();
        onChange(String(new FormData(event.currentTarget).get(param) ?? '').trim());
      }}
    >
      <label htmlFor={id}>{label}</label>
      {choices ? (
        <select id={id} name={param} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">any</option>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          name={param}
          defaultValue={value}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          onBlur={(event) => onChange(event.target.value.trim())}
        />
      )}
    </form>
  );
}
