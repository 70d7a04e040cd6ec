import { choicesOf, type Filter } from './definition';

const eq = (field: string) => (value: string) => ({ [field]: { eq: value } });

export const addressFilter = (param: string, label: string): Filter => ({
  param,
  label,
  placeholder: '0x…',
  where: eq(param),
});

/** By an entity's id; on one chain its number alone is enough for the eye, but the id is what stands in the URL. */
export const idFilter = (param: string, label: string): Filter => ({
  param,
  label,
  placeholder: `${param}:…`,
  where: eq(param),
});

export const enumFilter = (param: string, label: string, values: readonly string[]): Filter => ({
  param,
  label,
  choices: choicesOf(values),
  where: (value) => ({ [param]: value }),
});

export const nameFilter: Filter = {
  param: 'name',
  label: 'Name',
  placeholder: 'contains',
  where: (value) => ({ name: { contains: value } }),
};

export const blockFilter: Filter = {
  param: 'block',
  label: 'Block',
  placeholder: 'number',
  where: (value) => (/^\d{1,9}$/.test(value) ? { block: { eq: Number(value) } } : {}),
};

/** The last so many hours, counted from when it is asked, to the hour so that answers are kept. */
export const sinceFilter = (field: string): Filter => ({
  param: 'since',
  label: 'Since',
  choices: [
    { value: '24h', label: 'last 24 hours' },
    { value: '7d', label: 'last 7 days' },
    { value: '30d', label: 'last 30 days' },
  ],
  where: (value) => {
    const hours = { '24h': 24, '7d': 168, '30d': 720 }[value] ?? 0;
    const from = Math.floor(Date.now() / 3_600_000 - hours) * 3_600_000;
    return { [field]: { gte: new Date(from).toISOString() } };
  },
});
