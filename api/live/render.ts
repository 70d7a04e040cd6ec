import { type ExecutionResult, execute, type GraphQLSchema, getOperationAST } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { type Context, openContext, type Program } from '../context';
import { compilesTruly } from '../execution/compilesTruly';
import { toClientError } from '../formatError';
import type { Log } from '../log';
import type { DeliveryDocument } from './deliveryDocument';
import { turns } from './turns';

/** What a message says, as JSON. */
export type Render = (root: unknown) => Promise<string>;

/** In one snapshot and with the same loaders: a handful of statements, whatever their number. */
const AT_ONCE = 100;
/** A document whose messages took so long is in nobody's way afterwards. */
const SLOW_MS = 500;
/** Compiling takes as long as some messages. */
const WORTH_COMPILING = 20;

/** Which documents may ask the database at a time, so that slow ones hold up only each other. */
export interface Lanes {
  live: ReturnType<typeof turns>;
  replay: ReturnType<typeof turns>;
  slow: ReturnType<typeof turns>;
}

const AT_A_TIME = { live: 6, replay: 3, slow: 2 };
/** What subscribers are told is read over so many connections: each lane's, and one for the log of changes. */
export const LIVE_CONNECTIONS = AT_A_TIME.live + AT_A_TIME.replay + AT_A_TIME.slow + 1;

export const openLanes = (): Lanes => ({
  live: turns(AT_A_TIME.live),
  replay: turns(AT_A_TIME.replay),
  slow: turns(AT_A_TIME.slow),
});

/** The messages of one document with one set of variables. */
export class Renderer {
  private slow = false;
  private rendered = 0;
  private compiled: CompiledQuery | undefined;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly program: Program,
    private readonly lanes: Lanes,
    private readonly log: Log,
    private readonly document: DeliveryDocument,
    private readonly variables: Record<string, unknown>,
  ) {}

  /**
   * In the order of `roots`, in parts.
   * @throws UNAVAILABLE when the database is away: what it would have said is not to be left out
   */
  async *all(roots: readonly unknown[], lane: 'live' | 'replay', signal: AbortSignal): AsyncGenerator<string[]> {
    for (let from = 0; from < roots.length && !signal.aborted; from += AT_ONCE) {
      const part = roots.slice(from, from + AT_ONCE);
      yield await this.lanes[this.slow ? 'slow' : lane](() => this.together(part, signal));
    }
  }

  /** Of what needs no database. */
  async one(root: unknown, signal: AbortSignal): Promise<string> {
    return (await this.together([root], signal))[0] as string;
  }

  private async together(roots: readonly unknown[], signal: AbortSignal): Promise<string[]> {
    const startedAt = performance.now();
    const context = openContext(this.program, signal);
    try {
      // All of them: what still asks would find its snapshot closed.
      const rendered = await Promise.allSettled(roots.map((root) => this.render(context, root)));
      return rendered.map((each) => {
        if (each.status === 'rejected') throw each.reason;
        return each.value;
      });
    } finally {
      await context.snapshot.close();
      this.slow = performance.now() - startedAt > SLOW_MS;
    }
  }

  private async render(context: Context, rootValue: unknown): Promise<string> {
    this.rendered += 1;
    if (this.rendered === WORTH_COMPILING) this.compile();
    const quick = await this.compiled?.query(rootValue, context, this.variables);
    if (quick && !quick.errors) return JSON.stringify(quick);
    // An error says where its field is, which a compiled document has forgotten.
    const { document, operationName } = this.document;
    const result: ExecutionResult = await execute({
      schema: this.schema,
      document,
      operationName,
      variableValues: this.variables,
      rootValue,
      contextValue: context,
    });
    if (!result.errors) return JSON.stringify(result);
    const errors = result.errors.map((error) => toClientError(this.log, error, 'BAD_USER_INPUT'));
    const away = errors.find(({ extensions }) => extensions['code'] === 'UNAVAILABLE');
    if (away) throw away;
    return JSON.stringify({ ...result, errors });
  }

  private compile(): void {
    const { document, operationName } = this.document;
    const operation = getOperationAST(document, operationName);
    if (!operation || !compilesTruly(this.schema, document, operation)) return;
    const compiled = compileQuery(this.schema, document, operationName);
    if (isCompiledQuery(compiled)) this.compiled = compiled;
  }
}
