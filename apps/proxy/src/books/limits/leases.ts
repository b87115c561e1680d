import type { Redis } from "ioredis";
import { type Kysely, sql } from "kysely";
import type { Tables } from "../database/schema.ts";

/** Milliseconds after which the place of a request is free again whose proxy no longer says that it is under way. */
export const leaseTime = 60_000;

/** Places for requests under way, counted by all proxies together. */
export interface LeaseStore {
  /** Takes a place, unless `limit` of them are taken. */
  take(keyId: string, lease: string, limit: number): Promise<boolean>;
  renew(keyId: string, leases: readonly string[]): Promise<void>;
  giveBack(keyId: string, lease: string): Promise<void>;
}

/**
 * One row for each key with the leases in it: PostgreSQL looks at a row again that somebody else has just changed, so
 * that two proxies cannot both take the last place.
 */
export function postgresLeases(tables: Kysely<Tables>): LeaseStore {
  return {
    async take(keyId, lease, limit) {
      const now = Date.now();
      const mine = JSON.stringify({ [lease]: now + leaseTime });
      const { rows } = await sql`
        insert into keyward_leases as known (key_id, leases) values (${keyId}, ${mine})
        on conflict (key_id) do update set leases = ((
            select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(known.leases::jsonb)
              where value::text::bigint > ${now}::bigint) || excluded.leases::jsonb)::text
          where (select count(*) from jsonb_each(known.leases::jsonb)
              where value::text::bigint > ${now}::bigint) < ${limit}::bigint
        returning 1`.execute(tables);
      return rows.length > 0;
    },
    async renew(keyId, leases) {
      const until = Date.now() + leaseTime;
      const mine = JSON.stringify(Object.fromEntries(leases.map((lease) => [lease, until])));
      await sql`update keyward_leases set leases = (leases::jsonb || ${mine}::jsonb)::text
        where key_id = ${keyId}`.execute(tables);
    },
    async giveBack(keyId, lease) {
      await sql`update keyward_leases set leases = (leases::jsonb - ${lease}::text)::text
        where key_id = ${keyId}`.execute(tables);
    },
  };
}

const takeScript = `redis.call('zremrangebyscore', KEYS[1], '-inf', ARGV[1])
if redis.call('zcard', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
redis.call('zadd', KEYS[1], ARGV[2], ARGV[3])
redis.call('pexpireat', KEYS[1], ARGV[2])
return 1`;

/** One sorted set for each key: leases by the time at which they end. */
export function redisLeases(redis: Redis): LeaseStore {
  const nameOf = (keyId: string): string => `keyward_leases:${keyId}`;
  return {
    async take(keyId, lease, limit) {
      const now = Date.now();
      const taken = await redis.eval(takeScript, 1, nameOf(keyId), now, now + leaseTime, lease, limit);
      return taken === 1;
    },
    async renew(keyId, leases) {
      const until = Date.now() + leaseTime;
      const name = nameOf(keyId);
      await redis
        .multi()
        .zadd(name, ...leases.flatMap((lease) => [until, lease]))
        .pexpireat(name, until)
        .exec();
    },
    async giveBack(keyId, lease) {
      await redis.zrem(nameOf(keyId), lease);
    },
  };
}
