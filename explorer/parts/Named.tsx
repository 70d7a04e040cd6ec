import { titleOf } from '../format/names';

/** A link to a thing by its name, or by its kind and number where it has none. */
export function Named({
  of,
  missing = '–',
}: {
  of: { id: string; name?: string | null } | null | undefined;
  missing?: string;
}) {
  if (!of) return <span className="quiet">{missing}</span>;
  return (
    <a href={`/${of.id}`} className="named" title={of.id}>
      {titleOf(of.id, of.name)}
    </a>
  );
}
