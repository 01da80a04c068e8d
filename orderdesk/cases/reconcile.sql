-- What does not fit together between cases, jobs, threads, reviews and effects. Whatever somebody works on is left out:
-- a job waits or runs for it, its fence is held, or LangGraph Server has just written a checkpoint of it.

-- name: lost_cases
-- Cases somebody has to bring further, and nobody will: no job, no fence held. Most urgent first.
select c.case_id, c.status from cases c
where (c.status in ('queued', 'running')
       or (c.status = 'waiting_customer'
           and ((select count(*) from case_answer a where a.case_id = c.case_id) > c.answers_read
                or c.question_expired_at is not null)))
  and not exists (select from procrastinate_jobs j
                  where j.queueing_lock = case_lock(c.case_id) and j.status in ('todo', 'doing'))
  and hashtextextended(c.case_id, 42) not in (select key from held_fence)
  and not exists (select from checkpoints k
                  where k.thread_id = c.thread_id and k.checkpoint_ns = '' and k.metadata ->> 'run_id' is not null
                    and (k.checkpoint ->> 'ts')::timestamptz > clock_timestamp() - make_interval(secs => %(quiet_s)s))
order by c.priority desc, c.created_at limit %(limit)s

-- name: stuck_and_queued
-- Cases known to be stuck that are about to be tried once more.
select i.subject, i.case_id, i.what, i.needed from incident i join cases c using (case_id)
where i.kind = 'case_stuck' and i.closed_at is null and c.status in ('queued', 'running')

-- name: waiting_threads
-- Cases that wait, with the interrupt their thread stands at; a page of them, by id. Busy ones are somebody's.
with page as (
    select case_id from cases where status in ('waiting_review', 'waiting_customer') and case_id > %(after)s
    order by case_id limit %(limit)s
)
select t.*,
       hashtextextended(case_id, 42) in (select key from held_fence)
       or coalesce(t.from_server and t.ts > clock_timestamp() - make_interval(secs => %(quiet_s)s), false)
       or exists (select from procrastinate_jobs where queueing_lock = case_lock(case_id) and status = 'todo')
       or exists (select from procrastinate_jobs where lock = case_lock(case_id) and status = 'doing') as busy
from page join waiting_thread t using (case_id)
order by case_id

-- name: waiting_thread
-- One of them, looked at again by whoever holds its fence.
select * from waiting_thread where case_id = %(case_id)s

-- name: pointless_jobs
-- Jobs whose case is not there, or was finished and erased. One that runs ends by itself.
select j.id, j.args ->> 'case_id' as case_id
from procrastinate_jobs j left join cases c on c.case_id = j.args ->> 'case_id'
where j.task_name = %(task)s and j.status = 'todo'
  and (c.case_id is null or (c.status = 'done' and c.erased_at is not null))
order by j.id limit %(limit)s

-- name: delete_jobs
delete from procrastinate_jobs where id = any(%(ids)s) and status = 'todo' returning id

-- name: stray_reviews
-- Open reviews of cases that do not wait for a person.
select distinct c.case_id from review r join cases c using (case_id)
where r.closed_at is null and c.status <> 'waiting_review' and hashtextextended(c.case_id, 42) not in (select key from held_fence)
order by c.case_id limit %(limit)s

-- name: close_stray_reviews
-- Of a case whose fence is held by the caller.
update review r set closed_at = %(now)s
from cases c
where c.case_id = %(case_id)s and r.case_id = c.case_id and r.closed_at is null and c.status <> 'waiting_review'
returning r.review_id, c.status, c.outcome

-- name: review_to_show
-- The review a thread shows, unless it was decided.
select r.review_id from review r
where r.review_id = %(review_id)s and r.case_id = %(case_id)s
  and not exists (select from review_decision d where d.review_id = r.review_id)
for update of r

-- name: close_others
update review set closed_at = %(now)s where case_id = %(case_id)s and review_id <> %(review_id)s and closed_at is null

-- name: free_interrupt
update review set interrupt_id = null where interrupt_id = %(interrupt_id)s and review_id <> %(review_id)s

-- name: show_review
update review set closed_at = null, interrupt_id = %(interrupt_id)s where review_id = %(review_id)s

-- name: repairs_so_far
-- How often each case was repaired before, by node of the decision log.
select case_id, node, count(*)::int as n from decision_log
where case_id = any(%(case_ids)s) and starts_with(node, 'reconcile:') group by case_id, node

-- name: stuck_effects
-- Claimed by somebody whose time has long been over.
select key, case_id, kind, target, attempts from effect
where status = 'sending' and coalesce(claimed_until, '-infinity') < clock_timestamp() - make_interval(secs => %(after_s)s)
order by created_at, key limit %(limit)s

-- name: unsent_effects
-- To be sent for a long time, and nobody sends them. A try of the past says when the next one was due, by the
-- database's clock; without one there is only the clock of the machine that wrote it.
select key, case_id, kind, target, status from effect
where status = 'sending' and coalesce(claimed_until, '-infinity') < clock_timestamp() - make_interval(secs => %(after_s)s)
   or status = 'pending' and coalesce(next_try_at, created_at + interval '1 hour')
                             < clock_timestamp() - make_interval(secs => %(after_s)s)
order by created_at, key limit %(limit)s

-- name: effects_for_a_person
select key, case_id, kind, target, status from effect
where status = %(status)s and status in ('ambiguous', 'failed') order by created_at, key limit %(limit)s

-- name: unknown_threads
-- Threads that LangGraph Server was given a message for, and that never became a case.
select k.thread_id from checkpoints k
where k.metadata ->> 'run_id' is not null and k.metadata ->> 'source' = 'input' and k.checkpoint_ns = ''
  and coalesce(k.metadata ->> 'graph_id', %(graph)s) = %(graph)s
  and not exists (select from cases c where c.thread_id = k.thread_id)
group by k.thread_id
having min((k.checkpoint ->> 'ts')::timestamptz) < clock_timestamp() - make_interval(secs => %(quiet_s)s)
order by k.thread_id limit %(limit)s
