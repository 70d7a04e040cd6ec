// The tables and indexes that a project's first migration makes. Environment: DB_URL.
const { createOrmConfig } = require('@subsquid/typeorm-config');
const { DataSource } = require('typeorm');

async function createTables() {
  const database = new DataSource({ ...createOrmConfig(), synchronize: true });
  await database.initialize();
  await database.destroy();
}

createTables().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
