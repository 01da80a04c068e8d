-- name: create_tables
-- What is applied; the tables that are not themselves made by a migration.
create table if not exists schema_migration (
    number integer primary key,
    name text not null,
    sha256 text not null,
    applied_at timestamptz not null default clock_timestamp()
);
create table if not exists library_schema (
    library text primary key,
    step text not null,
    applied_at timestamptz not null default clock_timestamp()
)

-- name: try_lock
-- Takes the lock of the session, if it is free.
select pg_try_advisory_lock(%(key)s) as yes

-- name: unlock
select pg_advisory_unlock(%(key)s)

-- name: has_table
select to_regclass(%(name)s) is not null as yes

-- name: applied
select number, name, sha256 from schema_migration order by number

-- name: record
insert into schema_migration (number, name, sha256) values (%(number)s, %(name)s, %(sha256)s)

-- name: limit_waiting
-- A migration that waits for a busy table blocks everybody behind it: it gives up instead.
set local lock_timeout = '30s'

-- name: saver_step
select max(v) as step from checkpoint_migrations

-- name: library_step
select step from library_schema where library = %(library)s

-- name: record_library
insert into library_schema (library, step) values (%(library)s, %(step)s)
on conflict (library) do update set step = excluded.step, applied_at = clock_timestamp()
