import { GraphQLError, type ParseOptions, specifiedRules, type ValidationContext, type ValidationRule } from 'graphql';

/** An introspection query is 250 tokens, the explorer's largest 1,000. */
export const parseOptions: ParseOptions = { maxTokens: 10_000 };

/** Introspection needs 15 levels. */
const MAX_DEPTH = 20;

/** Before anything is executed: a document so deep that its answer could only be enormous. */
export const depthLimit: ValidationRule = (context: ValidationContext) => {
  let depth = 0;
  let reported = false;
  return {
    Field: {
      enter(node) {
        depth += 1;
        if (depth > MAX_DEPTH && !reported) {
          reported = true;
          context.reportError(
            new GraphQLError(`The query is deeper than ${MAX_DEPTH} levels.`, {
              nodes: node,
              extensions: { code: 'QUERY_TOO_COMPLEX' },
            }),
          );
        }
      },
      leave() {
        depth -= 1;
      },
    },
  };
};

/** The same for both transports. */
export const validationRules: ValidationRule[] = [...specifiedRules, depthLimit];
