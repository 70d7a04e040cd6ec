import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

interface Asked {
  field: FieldNode;
  /** It, or a fragment around it, has directives. */
  isConditional: boolean;
}

/** Whether a valid document asks somewhere for one field more than once, and not each time whatever the variables are. */
export function mergesConditionally(document: DocumentNode, { selectionSet }: OperationDefinitionNode): boolean {
  const fragments = new Map(
    document.definitions
      .filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const askedIn = ({ selections }: SelectionSetNode, around: boolean): Asked[] =>
    selections.flatMap((selection): Asked[] => {
      const isConditional = around || (selection.directives ?? []).length > 0;
      if (selection.kind === Kind.FIELD) return [{ field: selection, isConditional }];
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      return fragment ? askedIn(fragment.selectionSet, isConditional) : [];
    });
  const merges = (sets: readonly SelectionSetNode[]): boolean => {
    const byName = new Map<string, Asked[]>();
    for (const asked of sets.flatMap((set) => askedIn(set, false))) {
      const name = (asked.field.alias ?? asked.field.name).value;
      byName.set(name, [...(byName.get(name) ?? []), asked]);
    }
    return [...byName.values()].some(
      (same) =>
        (same.length > 1 && same.some(({ isConditional }) => isConditional)) ||
        merges(same.flatMap(({ field }) => field.selectionSet ?? [])),
    );
  };
  return merges([selectionSet]);
}
