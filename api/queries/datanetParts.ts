import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { sql } from '../sql';
import type { Curator, Datanet, DatanetVersion } from '../types/datanet';
import { listConnection } from './lists/listConnection';

interface CuratorRow {
  chain_id: number;
  pos: bigint;
  curator: Buffer;
  active: boolean;
  weight: string;
}

export function curatorsOf(
  context: Context,
  args: PageArgs,
  { chainId, datanetId }: Datanet,
): Promise<Connection<Curator>> {
  return listConnection<CuratorRow, Curator>(
    context,
    args,
    {
      name: 'datanet.curators',
      keyType: 'numeric',
      columns: sql`c.chain_id, c.pos, c.curator, c.active, c.weight`,
      from: sql`curator_state c`,
      where: [sql`c.chain_id = p.chain_id`, sql`c.datanet_id = p.key`],
      pos: sql`c.pos`,
      direction: 'DESC',
    },
    { chainIds: [chainId], key: datanetId },
    ({ chain_id, pos, curator, active, weight }) => ({ chainId: chain_id, pos, address: curator, active, weight }),
  );
}

interface VersionRow {
  chain_id: number;
  pos: bigint;
  version: string;
  content_root: Buffer;
  item_count: string;
  manifest_hash: Buffer;
}

export function versionsOfDatanet(
  context: Context,
  args: PageArgs,
  { chainId, datanetId }: Datanet,
): Promise<Connection<DatanetVersion>> {
  return listConnection<VersionRow, DatanetVersion>(
    context,
    args,
    {
      name: 'datanet.versions',
      keyType: 'numeric',
      columns: sql`v.chain_id, v.pos, v.version, v.content_root, v.item_count, v.manifest_hash`,
      from: sql`datanet_version v`,
      where: [sql`v.chain_id = p.chain_id`, sql`v.datanet_id = p.key`],
      pos: sql`v.pos`,
      direction: 'DESC',
    },
    { chainIds: [chainId], key: datanetId },
    (row) => ({
      chainId: row.chain_id,
      pos: row.pos,
      version: row.version,
      contentRoot: row.content_root,
      itemCount: row.item_count,
      manifestHash: row.manifest_hash,
    }),
  );
}
