-- name: delete_runs
-- Removes the checkpoints that some runs wrote, with their pending writes and the values only they used. The
-- checkpoint they continued from keeps its question, but not the answer that they were given to it.
with gone as (
    delete from checkpoints
    where metadata ->> 'run_id' = any(%(run_ids)s)
    returning thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id,
        checkpoint -> 'channel_versions' as versions
), writes as (
    delete from checkpoint_writes w using gone g
    where w.thread_id = g.thread_id and w.checkpoint_ns = g.checkpoint_ns and w.checkpoint_id = g.checkpoint_id
), answered as (
    select w.thread_id, w.checkpoint_ns, w.checkpoint_id, w.task_id
    from checkpoint_writes w
    join gone g on w.thread_id = g.thread_id and w.checkpoint_ns = g.checkpoint_ns
        and w.checkpoint_id = g.parent_checkpoint_id
    where w.channel = '__resume__'
      and not exists (select from gone o where o.thread_id = w.thread_id
        and o.checkpoint_ns = w.checkpoint_ns and o.checkpoint_id = w.checkpoint_id)
), answers as (
    delete from checkpoint_writes w using answered a
    where w.thread_id = a.thread_id and w.checkpoint_ns = a.checkpoint_ns
      and w.checkpoint_id = a.checkpoint_id and w.task_id = a.task_id and w.channel <> '__interrupt__'
), freed as (
    select distinct g.thread_id, g.checkpoint_ns, v.key as channel, v.value as version
    from gone g cross join lateral jsonb_each_text(g.versions) v
), kept as (
    select distinct c.thread_id, c.checkpoint_ns, v.key as channel, v.value as version
    from checkpoints c cross join lateral jsonb_each_text(c.checkpoint -> 'channel_versions') v
    where c.thread_id in (select thread_id from gone)
      and (c.metadata ->> 'run_id' = any(%(run_ids)s)) is not true
)
delete from checkpoint_blobs b using freed f
where (b.thread_id, b.checkpoint_ns, b.channel, b.version)
    = (f.thread_id, f.checkpoint_ns, f.channel, f.version)
  and not exists (
    select from kept k
    where (k.thread_id, k.checkpoint_ns, k.channel, k.version)
        = (f.thread_id, f.checkpoint_ns, f.channel, f.version)
  )
