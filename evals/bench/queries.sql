-- name: writing_transactions
-- The next transaction number; reading it takes none.
select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as transactions

-- name: checkpoint_cost
-- Rows and bytes that the threads of these cases hold in the saver's three tables, as they are stored.
select
  (select count(*) from checkpoints where thread_id = any(%(threads)s)) as checkpoints,
  (select count(*) from checkpoint_blobs where thread_id = any(%(threads)s)) as blobs,
  (select count(*) from checkpoint_writes where thread_id = any(%(threads)s)) as writes,
  (select coalesce(sum(pg_column_size(c.*)), 0)::bigint from checkpoints c where thread_id = any(%(threads)s))
  + (select coalesce(sum(pg_column_size(b.*)), 0)::bigint from checkpoint_blobs b where thread_id = any(%(threads)s))
  + (select coalesce(sum(pg_column_size(w.*)), 0)::bigint from checkpoint_writes w where thread_id = any(%(threads)s))
  as bytes

-- name: still_to_do
-- What is left of these cases: cases under way, effects to be sent, and jobs in the queue of cases.
select
  (select count(*) from cases where case_id = any(%(cases)s) and status in ('queued', 'running')) as cases,
  (select count(*) from effect where case_id = any(%(cases)s) and status in ('pending', 'sending')) as effects,
  (select count(*) from procrastinate_jobs where queue_name = 'cases' and status in ('todo', 'doing')) as jobs
