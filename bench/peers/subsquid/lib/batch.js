const { In } = require('typeorm');
const model = require('./model');

const sums = {
  PoolTotal: ['fee', 'emission', 'granted', 'slashed', 'accrued', 'claimed'],
  AccountPool: ['accrued', 'claimed'],
  DatanetTotal: ['contributions', 'bonded'],
};

/** A batch folded in memory: facts to insert, and what each touched aggregate gains, found and written once. */
class Batch {
  facts = new Map();
  gains = new Map(Object.keys(sums).map((name) => [name, new Map()]));

  insert(row) {
    const rows = this.facts.get(row.constructor);
    if (rows) rows.push(row);
    else this.facts.set(row.constructor, [row]);
  }

  poolTotal(poolId) {
    return this.gain('PoolTotal', poolId, () => ({
      poolId,
      fee: 0n,
      emission: 0n,
      granted: 0n,
      slashed: 0n,
      accrued: 0n,
      claimed: 0n,
    }));
  }

  accountPool(account, poolId) {
    return this.gain('AccountPool', `${account}-${poolId}`, () => ({ account, poolId, accrued: 0n, claimed: 0n }));
  }

  datanetTotal(datanetId) {
    return this.gain('DatanetTotal', String(datanetId), () => ({ datanetId, contributions: 0, bonded: 0n }));
  }

  gain(name, id, zero) {
    const gains = this.gains.get(name);
    let found = gains.get(id);
    if (!found) {
      found = { id, ...zero() };
      gains.set(id, found);
    }
    return found;
  }

  async write(store) {
    for (const rows of this.facts.values()) await store.insert(rows);
    for (const [name, gains] of this.gains) {
      if (gains.size === 0) continue;
      const before = await store.findBy(model[name], { id: In([...gains.keys()]) });
      for (const row of before) {
        const gain = gains.get(row.id);
        for (const sum of sums[name]) gain[sum] += row[sum];
      }
      await store.upsert([...gains.values()].map((row) => new model[name](row)));
    }
  }
}

exports.Batch = Batch;
