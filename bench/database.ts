import { Client } from 'pg';

/** A client of an address; a connection that breaks shows in the next query instead of ending the process. */
export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

export async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The address of an empty database of this name; one that was there before goes. */
export async function emptyDatabase(serverUrl: string, name: string): Promise<string> {
  await withClient(serverUrl, async (admin) => {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.query(`create database ${name}`);
    // What was written before is not the next one's to flush.
    await admin.query('checkpoint');
  });
  return new URL(`/${name}`, serverUrl).href;
}
