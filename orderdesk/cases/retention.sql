-- What retention looks for. A time that is null (kept for ever) finds nothing. Case by case: in order of their ids,
-- after the last one seen, so that what is passed over once is not looked at again in the same run.

-- name: take_turn
-- One run at a time, over all machines; held by the connection, so that a killed run holds nothing.
select pg_try_advisory_lock(hashtextextended('orderdesk.retention', 43)) as held

-- name: end_turn
select pg_advisory_unlock(hashtextextended('orderdesk.retention', 43))

-- name: is_due
-- Once a day; one that was killed or failed is tried again after an hour.
select not exists (select from retention_run where finished_at > clock_timestamp() - interval '1 day'
                   or started_at > clock_timestamp() - interval '1 hour') as due

-- name: begin_run
insert into retention_run default values returning run_id

-- name: end_run
update retention_run set finished_at = clock_timestamp(), done = %(done)s where run_id = %(run_id)s

-- name: database_time
select clock_timestamp() as now

-- name: sizes
select coalesce(sum(pg_total_relation_size(to_regclass(name))), 0)::bigint as bytes from unnest(%(tables)s::text[]) name

-- name: fenced
-- The cases nobody works on, held until the transaction ends (the lock is the fence of workers).
select case_id from unnest(%(case_ids)s::text[]) case_id
where pg_try_advisory_xact_lock(hashtextextended(case_id, 42))

-- name: due_to_prune
select case_id, thread_id, message_id from cases
where status = 'done' and (pruned_at is null or pruned_at < finished_at) and case_id > %(after)s
order by case_id limit %(limit)s for no key update skip locked

-- name: due_thread
-- A dead letter can be taken up again, and goes on from its checkpoint until it is erased.
select case_id, thread_id, message_id from cases
where status = 'done' and outcome <> 'dead_letter' and finished_at < %(before)s
  and (thread_deleted_at is null or thread_deleted_at < finished_at) and case_id > %(after)s
order by case_id limit %(limit)s for no key update skip locked

-- name: due_answers
select case_id, thread_id, message_id from cases
where status = 'done' and outcome <> 'dead_letter' and finished_at < %(before)s
  and (answers_erased_at is null or answers_erased_at < finished_at) and case_id > %(after)s
order by case_id limit %(limit)s for no key update skip locked

-- name: due_log
select case_id, thread_id, message_id from cases
where status = 'done' and finished_at < %(before)s
  and (log_deleted_at is null or log_deleted_at < finished_at) and case_id > %(after)s
order by case_id limit %(limit)s for no key update skip locked

-- name: mark_pruned
update cases set pruned_at = greatest(%(now)s, finished_at) where case_id = any(%(case_ids)s)

-- name: mark_thread
update cases set thread_deleted_at = greatest(%(now)s, finished_at) where case_id = any(%(case_ids)s)

-- name: mark_answers
update cases set answers_erased_at = greatest(%(now)s, finished_at) where case_id = any(%(case_ids)s)

-- name: mark_log
update cases set log_deleted_at = greatest(%(now)s, finished_at) where case_id = any(%(case_ids)s)

-- name: due_raw
-- Messages whose bytes no unfinished case needs, nor one that was finished lately. One without any case waits for
-- somebody to look at it.
select m.message_id from message m
where m.raw is not null and m.message_id > %(after)s
  and exists (select from message_case u where u.message_id = m.message_id)
  and not exists (select from message_case u join cases c using (case_id) where u.message_id = m.message_id
                  and (c.status = 'done' and c.finished_at < %(before)s) is not true)
order by m.message_id limit %(limit)s

-- name: due_messages
-- Messages whose cases are all finished for long enough, and have done all they decided to do. `among` null = any.
select m.message_id from message m
where m.erased_at is null and m.message_id > %(after)s
  and (%(among)s::text[] is null or m.message_id = any(%(among)s))
  and exists (select from cases c where c.message_id = m.message_id)
  and not exists (
    select from cases c where c.message_id = m.message_id
      and (c.status = 'done'
           and c.finished_at < case c.outcome when 'not_an_order' then %(other_before)s::timestamptz
                               else %(before)s::timestamptz end
           and not exists (select from effect e where e.case_id = c.case_id
                           and e.status not in ('done', 'dropped'))) is not true)
order by m.message_id limit %(limit)s

-- name: lock_cases
-- The cases of messages, until the transaction ends: nobody takes them up again meanwhile.
select case_id, thread_id, message_id from cases
where message_id = any(%(message_ids)s) order by case_id for no key update

-- name: answers_to
-- The customer's answers to cases, which no other case needs.
select a.message_id from case_answer a where a.case_id = any(%(case_ids)s)
  and not exists (select from message_case u where u.message_id = a.message_id and u.case_id <> all(%(case_ids)s))
