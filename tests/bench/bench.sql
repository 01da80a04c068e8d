-- Statements of the benchmarks.

-- name: watch
-- What happens to cases, by the database's own clock.
create table bench_seen (case_id text not null, what text not null, at timestamptz not null default clock_timestamp());
create index on bench_seen (case_id);
create function bench_see_case() returns trigger language plpgsql as $$
begin
    insert into bench_seen (case_id, what)
    values (new.case_id, case when tg_op = 'INSERT' then 'stored' else 'begun' end);
    return null;
end $$;
create function bench_see_step() returns trigger language plpgsql as $$
begin
    insert into bench_seen (case_id, what) select case_id, 'step' from cases where thread_id = new.thread_id;
    return null;
end $$;
create trigger bench_stored after insert on cases for each row execute function bench_see_case();
create trigger bench_begun after update of drive_began_at on cases for each row
    when (new.drive_began_at is not null and new.drive_began_at is distinct from old.drive_began_at)
    execute function bench_see_case();
create trigger bench_stepped after insert on checkpoints for each row execute function bench_see_step();

-- name: now
select clock_timestamp() as now

-- name: unsettled
-- Cases that are not at rest, and effects of them that have not left.
select (select count(*) from cases where case_id = any(%(case_ids)s) and status in ('queued', 'running'))
     + (select count(*) from effect where case_id = any(%(case_ids)s) and status in ('pending', 'sending')) as left_over

-- name: at_rest
select count(*) as cases from cases where case_id = any(%(case_ids)s) and status not in ('queued', 'running')

-- name: outcomes
select coalesce(outcome, status) as outcome, count(*) as cases from cases where case_id = any(%(case_ids)s)
group by 1 order by 2 desc

-- name: waiting
select count(*) as jobs from procrastinate_jobs where queue_name = 'cases' and status = 'todo'

-- name: registered
-- The queue's own ids of workers: two of each process.
select id from procrastinate_workers order by id

-- name: in_mid_case
-- Cases that these workers have under way, some steps of which are done.
select c.case_id, count(k.*) as steps
from procrastinate_jobs j join cases c on c.case_id = j.args->>'case_id'
join checkpoints k on k.thread_id = c.thread_id and k.checkpoint_ns = ''
where j.status = 'doing' and j.worker_id = any(%(workers)s) and c.drive_began_at is not null and c.status = 'running'
group by 1 having count(k.*) > 1

-- name: seen_after
-- The first time since a moment that each of these cases was begun, and that it moved on a step.
select case_id, min(at) filter (where what = 'begun') as begun, min(at) filter (where what = 'step') as stepped
from bench_seen where case_id = any(%(case_ids)s) and at > %(since)s group by 1

-- name: waits
-- Seconds from being stored to being begun, of these cases.
select case_id, extract(epoch from min(at) filter (where what = 'begun') - min(at) filter (where what = 'stored'))::float8
       as waited
from bench_seen where case_id = any(%(case_ids)s) group by 1

-- name: counters
-- What the server has done so far. Transaction numbers are taken by what writes (a savepoint that writes takes one
-- too); the statistics also count what reads, up to a second late.
select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as written,
       (select xact_commit from pg_stat_database where datname = current_database()) as transactions,
       (select coalesce(sum(fsyncs), 0)::bigint from pg_stat_io where object = 'wal') as flushes

-- name: insert_message
insert into message (message_id, content_hash, channel, source, received_at, raw, content)
values (%(message_id)s, %(content_hash)s, 'benchmark', %(source)s, %(received_at)s, %(raw)s, %(content)s)

-- name: insert_look_alikes
-- Messages that differ from one that is there in name only, and a case of each.
with like_it as (
    insert into message (message_id, content_hash, channel, source, received_at, raw, content)
    select 'like-' || n, 'like-' || n, m.channel, 'like-' || n || '.x12', %(received_at)s, m.raw, m.content
    from (select * from message order by received_at limit 1) m, generate_series(1, %(count)s) n
    returning message_id
)
insert into cases (case_id, thread_id, message_id, business_date, priority, created_at)
select message_id, message_id, message_id, %(business_date)s, 0, %(received_at)s from like_it
returning case_id, priority, created_at

-- name: make_rows_to_update
create table bench_row (id int primary key, n int not null);
insert into bench_row select id, 0 from generate_series(1, 1000) id;

-- name: under_way
select count(*) as jobs from procrastinate_jobs where queue_name = 'cases' and status = 'doing'

-- name: begun
select count(distinct case_id) as cases from bench_seen where what = 'begun' and case_id = any(%(case_ids)s)
