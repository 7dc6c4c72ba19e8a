import type { Cluster } from '../testbed/postgres.ts';
import { must } from '../testbed/process.ts';

/** A name that breaks what quotes carelessly: double and single quotes, spaces, a newline, `=`, a backslash. */
export const oddName = `o'dd "na me"=\\\nx`;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const cluster = `
  CREATE ROLE shop_owner LOGIN PASSWORD 'pw of: the \\ owner';
  CREATE ROLE reader NOLOGIN;
  CREATE ROLE ${quoted('role "q"\nnl')} LOGIN PASSWORD 'x' CONNECTION LIMIT 3 VALID UNTIL '2040-01-01';
  ALTER ROLE shop_owner SET work_mem = '7MB';
  GRANT reader TO ${quoted('role "q"\nnl')};
  GRANT pg_read_all_data TO reader;
  CREATE DATABASE shop OWNER shop_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'fr-FR' LOCALE 'C.UTF-8';
  CREATE DATABASE ${quoted(oddName)} OWNER shop_owner TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' CONNECTION LIMIT 17;
  COMMENT ON DATABASE shop IS 'La boutique: "ouverte"';
  ALTER DATABASE shop SET statement_timeout = '1h';
  ALTER DATABASE shop SET search_path = public, "App Data";
  ALTER ROLE shop_owner IN DATABASE shop SET lock_timeout = '9s';
  REVOKE CONNECT ON DATABASE shop FROM PUBLIC;
  GRANT CONNECT, TEMPORARY ON DATABASE shop TO reader;
`;

/** Everything that has ever been lost by a careless dump. */
const shop = (rows: number): string => `
  CREATE EXTENSION pgcrypto; CREATE EXTENSION hstore; CREATE EXTENSION citext;
  CREATE SCHEMA "App Data" AUTHORIZATION shop_owner;
  SET ROLE shop_owner;
  CREATE TYPE "App Data".mood AS ENUM ('sad', 'ok', 'it''s fine');
  CREATE DOMAIN "App Data".positive AS int CHECK (VALUE > 0);
  CREATE COLLATION "App Data".ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  CREATE TABLE "App Data"."odd ""table""
 name" ("a b" int PRIMARY KEY, "c)(" text COLLATE "App Data".ci, "d""e" "App Data".mood, f "App Data".positive);
  INSERT INTO "App Data"."odd ""table""
 name" VALUES (1, E'tab\\t nl\\n bs\\\\ \\\\.', 'ok', 3), (2, NULL, NULL, 1), (3, '\\.', 'it''s fine', 2);
  CREATE TABLE author (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name citext UNIQUE, best bigint, tags hstore);
  CREATE TABLE book (id bigserial PRIMARY KEY, author bigint NOT NULL REFERENCES author DEFERRABLE INITIALLY DEFERRED,
    title text NOT NULL, pages int, pages2 int GENERATED ALWAYS AS (pages * 2) STORED, body bytea);
  ALTER TABLE author ADD CONSTRAINT best_book FOREIGN KEY (best) REFERENCES book DEFERRABLE INITIALLY DEFERRED;
  BEGIN;
  INSERT INTO author (name, best, tags) SELECT 'Author ' || i, i, hstore('n', i::text) FROM generate_series(1, ${rows}) i;
  INSERT INTO book (author, title, pages, body) SELECT i, 'Title ' || md5(i::text), i % 900, digest(i::text, 'sha256') FROM generate_series(1, ${rows}) i;
  COMMIT;
  CREATE INDEX ON book (lower(title)) WHERE pages > 10;
  CREATE STATISTICS book_stats ON author, pages FROM book;
  CREATE TABLE reading (at timestamptz NOT NULL, sensor int NOT NULL, v double precision) PARTITION BY RANGE (at);
  CREATE TABLE reading_2025 PARTITION OF reading FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (sensor);
  CREATE TABLE reading_2025_1 PARTITION OF reading_2025 FOR VALUES IN (1);
  CREATE TABLE reading_2025_x PARTITION OF reading_2025 DEFAULT;
  CREATE TABLE reading_rest PARTITION OF reading DEFAULT;
  INSERT INTO reading SELECT timestamptz '2025-06-01' + i * interval '7 hours', i % 3, i / 7.0 FROM generate_series(1, 1000) i;
  CREATE TABLE parent (id int); CREATE TABLE child (extra text) INHERITS (parent);
  INSERT INTO parent VALUES (1); INSERT INTO child VALUES (2, 'x');
  CREATE UNLOGGED TABLE session_cache (k text PRIMARY KEY, v jsonb);
  INSERT INTO session_cache VALUES ('a', '{"b": [1, null, "ü"]}');
  CREATE TABLE empty_one (x int);
  CREATE MATERIALIZED VIEW per_sensor AS SELECT sensor, count(*) n, sum(v) s FROM reading GROUP BY sensor;
  CREATE MATERIALIZED VIEW later AS SELECT 1 AS one WITH NO DATA;
  CREATE UNIQUE INDEX ON per_sensor (sensor);
  CREATE VIEW long_books WITH (security_barrier) AS SELECT * FROM book WHERE pages > 500;
  CREATE TABLE secret_note (owner name DEFAULT current_user, note text);
  ALTER TABLE secret_note ENABLE ROW LEVEL SECURITY; ALTER TABLE secret_note FORCE ROW LEVEL SECURITY;
  CREATE POLICY mine ON secret_note USING (owner = current_user);
  INSERT INTO secret_note (note) VALUES ('one'), ('two');
  CREATE SEQUENCE invoice START 1000 INCREMENT 10 CYCLE MAXVALUE 5000; SELECT nextval('invoice'), nextval('invoice');
  CREATE SEQUENCE countdown INCREMENT -1 START -1; SELECT nextval('countdown');
  CREATE FUNCTION recalc_full_ceredis(p_author bigint) RETURNS numeric LANGUAGE plpgsql STABLE AS $body$
  -- COPY public.book (id) FROM stdin;
  BEGIN RETURN (SELECT round(avg(pages), 2) FROM book WHERE author = p_author); END $body$;
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.title := trim(NEW.title); RETURN NEW; END $$;
  CREATE TRIGGER trim_title BEFORE INSERT OR UPDATE ON book FOR EACH ROW EXECUTE FUNCTION touch();
  COMMENT ON FUNCTION recalc_full_ceredis IS E'COPY public.book (id) FROM stdin;\\n1\\n\\\\.';
  COMMENT ON COLUMN book.title IS 'Le titre; "entre guillemets"';
  GRANT SELECT (id, title) ON book TO reader;
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO reader;
  RESET ROLE;
  CREATE FUNCTION log_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE DEBUG 'ddl %', tg_tag; END $$;
  CREATE EVENT TRIGGER on_ddl ON ddl_command_end EXECUTE FUNCTION log_ddl();
  CREATE PUBLICATION everything FOR TABLE author, book;
  SELECT lo_from_bytea(0, decode(repeat('00ff10', 3000), 'hex')), lo_from_bytea(0, 'second'), lo_from_bytea(0, '');
  COMMENT ON SCHEMA public IS 'Le schéma';
`;
const odd = `
  CREATE TABLE "café" ("prénom" text, n int); INSERT INTO "café" VALUES ('Zoé', 1), ('Ève', 2);
  CREATE TABLE "a=b" (i int); INSERT INTO "a=b" SELECT generate_series(1, 10);
`;

/** Two databases, roles with passwords, and every feature that must survive. */
export async function fillRich(server: Cluster, rows = 2000): Promise<void> {
  await server.psql(cluster);
  await server.psql(shop(rows), 'shop');
  await server.psql(odd, `dbname='${oddName.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`);
}

/** What a user would miss, seen with other queries than the kind's: definitions as pg_dump writes them, digests of rows. */
export async function portraitOf(server: Cluster): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  const list = JSON.parse(
    await server.psql(
      `SELECT jsonb_agg(datname ORDER BY datname) FROM pg_database WHERE datname !~ '^(postgres|template.)$'`,
    ),
  ) as string[] | null;
  seen['roles'] = withoutNoise(
    await must([`${server.bin}/pg_dumpall`, '--globals-only'], { env: server.env }),
  );
  for (const name of list ?? []) {
    const database = `dbname='${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
    seen[`${name}: itself`] = await server.psql(
      `SELECT pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider, daticulocale, pg_get_userbyid(datdba), datconnlimit,
        (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(datacl) a), shobj_description(d.oid, 'pg_database'), (SELECT string_agg(setrole::regrole || ' ' || setconfig::text, '; ' ORDER BY setrole::regrole::text)
        FROM pg_db_role_setting s WHERE s.setdatabase = d.oid) FROM pg_database d WHERE datname = current_database()`,
      database,
    );
    seen[`${name}: definitions`] = withoutNoise(
      await must([`${server.bin}/pg_dump`, '-s', '-d', database], { env: server.env }),
    );
    const tables = JSON.parse(
      await server.psql(
        `SELECT coalesce(jsonb_agg(format('%I.%I', n.nspname, relname) ORDER BY 1), '[]') FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE relkind IN ('r', 'm') AND relispopulated AND nspname !~ '^(pg_|information)'`,
        database,
      ),
    ) as string[];
    for (const table of tables)
      seen[`${name}: ${table}`] = await server.psql(
        `SELECT count(*), md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM ONLY ${table} t`,
        database,
      );
    seen[`${name}: sequences`] = await server.psql(
      `SELECT string_agg(s::text, E'\\n' ORDER BY s::text) FROM pg_sequences s`,
      database,
    );
    seen[`${name}: large objects`] = await server.psql(
      `SELECT string_agg(md5(lo_get(oid)) || ' ' || oid || ' ' || lomowner::regrole, ', ' ORDER BY oid) FROM pg_largeobject_metadata`,
      database,
    );
    seen[`${name}: extensions`] = await server.psql(
      `SELECT string_agg(extname || extversion, ', ' ORDER BY extname) FROM pg_extension`,
      database,
    );
  }
  return seen;
}

const withoutNoise = (script: string): string =>
  script
    .split('\n')
    .filter((line) => !/^\\(un)?restrict /.test(line))
    .join('\n');
