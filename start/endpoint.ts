import { WebSocket } from 'ws';
import { HttpEndpoint } from '../indexer/rpc/httpEndpoint';
import { MOST_ANSWER_BYTES } from '../indexer/rpc/transport';
import { AppError, messageOf, withoutCredentials } from '../schema/appError';
import type { ChainConfig } from '../schema/networkFile';

const timeoutMs = 10_000;

/** One JSON-RPC call over http or ws, for checks before anything is started. Throws with the node's own words. */
export async function askEndpoint(url: string, method: string, params: unknown[] = []): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const answer = await (url.startsWith('ws') ? overSocket(url, body) : overHttp(url, body));
  if (typeof answer !== 'object' || answer === null) throw new Error('it does not answer JSON-RPC');
  const { result, error } = answer as { result?: unknown; error?: { message?: string } };
  if (error) throw new Error(error.message ?? JSON.stringify(error));
  return result;
}

/** Whether several calls can go out in one request. */
export async function answersBatches(url: string): Promise<boolean> {
  const call = (id: number) => ({ jsonrpc: '2.0', id, method: 'eth_chainId', params: [] });
  const body = JSON.stringify([call(1), call(2)]);
  const answer = await (url.startsWith('ws') ? overSocket(url, body) : overHttp(url, body)).catch(() => undefined);
  return Array.isArray(answer) && answer.length === 2;
}

async function overHttp(url: string, body: string): Promise<unknown> {
  const endpoint = new HttpEndpoint(url, { timeoutMs, bytes: MOST_ANSWER_BYTES });
  try {
    const { status, bytes } = await endpoint.post(body).catch((error) => {
      // Who asks says where.
      throw new Error(messageOf(error.cause ?? error));
    });
    return parse(bytes, status);
  } finally {
    endpoint.close();
  }
}

function parse(bytes: Buffer, status: number): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw new Error(`HTTP ${status} without JSON`);
  }
}

function overSocket(url: string, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { handshakeTimeout: timeoutMs });
    const timer = setTimeout(() => settle(() => reject(new Error(`no answer within ${timeoutMs} ms`))), timeoutMs);
    const settle = (then: () => void): void => {
      clearTimeout(timer);
      socket.terminate();
      then();
    };
    socket.on('open', () => socket.send(body));
    socket.on('message', (data) => settle(() => resolve(JSON.parse(String(data)))));
    socket.on('error', (error) => settle(() => reject(new Error(messageOf(error)))));
  });
}

/**
 * No endpoint may be of another chain: rows of two chains would mix for good. Returns what is wrong but survivable:
 * endpoints that don't answer. A chain without any other waits for them; it is no reason to hold up other chains.
 * @throws AppError CONFIG
 */
export async function checkEndpoints(chains: readonly ChainConfig[]): Promise<string[]> {
  const warnings = await Promise.all(chains.map(checkChain));
  return warnings.flat();
}

async function checkChain(chain: ChainConfig): Promise<string[]> {
  const silent: string[] = [];
  await Promise.all(
    chain.rpc.map(async (url, index) => {
      const where = `${chain.name}: rpc[${index}] ${withoutCredentials(url)}`;
      const answer = await askEndpoint(url, 'eth_chainId').catch((error) => {
        silent.push(`${where} does not answer: ${messageOf(error)}`);
      });
      if (answer === undefined) return;
      const chainId = Number(answer);
      if (chainId !== chain.chainId) {
        throw new AppError('CONFIG', `${where} is chain ${chainId}, the network file says ${chain.chainId}.`);
      }
    }),
  );
  if (silent.length === chain.rpc.length) {
    return [`No node of chain ${chain.chainId} can be reached: it waits for one. ${silent.join('; ')}`];
  }
  return silent;
}
