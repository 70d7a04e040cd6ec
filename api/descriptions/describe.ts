import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { asked } from './asked';
import { data } from './data';
import { live } from './live';
import { loop } from './loop';
import { money } from './money';
import { argumentsByName, fieldsByName, filterFields } from './names';
import { use } from './use';

/** Of types by name: of the type (empty where it is described where it is defined), and of its fields or values. */
export type Descriptions = Record<string, [type: string, members?: Record<string, string>]>;

/** What the definitions don't say themselves. */
export const descriptions: Descriptions = { ...data, ...use, ...money, ...loop, ...live, ...asked };

/**
 * Gives every type, field, value and argument without a description one: its own from this folder, or the one of its
 * name, where a name means the same everywhere. A description at a definition is never replaced.
 */
export function describe(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    const [own, members] = descriptions[type.name] ?? [''];
    type.description ||= own || describedByName(type.name);
    if (isEnumType(type)) for (const value of type.getValues()) value.description ||= members?.[value.name];
    if (isInputObjectType(type)) {
      const names = type.name.endsWith('Order') ? fieldsByName : filterFields;
      for (const field of Object.values(type.getFields())) {
        field.description ||= members?.[field.name] ?? names[field.name];
      }
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      field.description ||= members?.[field.name] ?? fieldsByName[field.name];
      for (const arg of field.args) arg.description ||= argumentsByName[arg.name];
    }
  }
}

function describedByName(type: string): string | undefined {
  const [, of, what] = /^(.+?)(Connection|Edge|Filter|Order|OrderField)$/.exec(type) ?? [];
  if (what === 'Connection') return `A page of a list of ${of}, after the Relay connection specification.`;
  if (what === 'Edge') return `One ${of} of a page, with its place in the list.`;
  if (what === 'Filter') return `Which ones: every condition that is given has to hold.`;
  if (what === 'Order') return `In which order; chain order decides between equals.`;
  if (what === 'OrderField') return 'What a list can be ordered by.';
  return undefined;
}
