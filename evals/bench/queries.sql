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
