-- What is put into the queue; the queue's own tables are procrastinate's.

-- name: to_enqueue
-- Of these cases, those that no job waits for yet.
select c.case_id, c.priority, c.created_at from cases c
where c.case_id = any(%(case_ids)s)
  and not exists (select from procrastinate_jobs j where j.queueing_lock = case_lock(c.case_id) and j.status = 'todo')

-- name: waiting
select id from procrastinate_jobs where queueing_lock = %(lock)s and status = 'todo' limit 1

-- name: give_back
-- Jobs whose worker has shown no life for the lease, or is not known any more, wait again, and workers are told.
-- The rows are locked and looked at again, so that a job is given back once however many look. One that another job
-- waits for already, as it was queued again meanwhile, is at its end: only one of a name may wait.
with left_behind as (
    select j.id, j.queue_name, j.queueing_lock from procrastinate_jobs j left join procrastinate_workers w on w.id = j.worker_id
    where j.status = 'doing'
      and (w.id is null or w.last_heartbeat < clock_timestamp() - make_interval(secs => %(lease_s)s))
    for update of j skip locked
), sorted as (
    select id, queue_name, queueing_lock is not null and (
        exists (select from procrastinate_jobs t where t.queueing_lock = l.queueing_lock and t.status = 'todo')
        or row_number() over (partition by queueing_lock order by id) > 1) as needless
    from left_behind l
), ended as (
    delete from procrastinate_jobs where id in (select id from sorted where needless)
), given as (
    select id, queue_name, procrastinate_retry_job_v2(id, null, null, null, null) as done from sorted where not needless
)
select id, pg_notify('procrastinate_queue_v1#' || queue_name,
                     json_build_object('type', 'job_inserted', 'job_id', id)::text) as told
from given
