-- name: insert_effect
-- The stored request wins: a key that is already there changes nothing.
insert into effect (key, case_id, kind, class, target, request, status, response, approval, payload_hash, created_at,
                    done_at)
values (%(key)s, %(case_id)s, %(kind)s, %(class)s, %(target)s, %(request)s, %(status)s, %(response)s, %(approval)s,
        %(payload_hash)s, %(created_at)s, %(done_at)s)
on conflict (key) do nothing returning key

-- name: claim_effects
-- Committed before the call, so that a crash in between is seen as 'sending'.
with due as (
    select key, status from effect
    where (%(case_id)s::text is null or case_id = %(case_id)s) and kind = any(%(kinds)s)
      and status in ('pending', 'sending')
    order by created_at limit %(limit)s for update skip locked
)
update effect e set status = 'sending', attempts = attempts + 1 from due
where e.key = due.key returning e.key, e.case_id, e.kind, e.request, e.attempts, due.status as was

-- name: finish_effect
update effect set status = 'done', response = %(response)s, done_at = %(now)s where key = %(key)s

-- name: release_effect
-- The call definitely did not happen.
update effect set status = 'pending' where key = %(key)s

-- name: effects_of_case
select key, kind, class, target, request, status, response, attempts, approval, created_at, done_at
from effect where case_id = %(case_id)s order by created_at, key
