-- name: insert_effect
-- The stored request wins: a key that is already there changes nothing.
insert into effect (key, case_id, kind, class, target, request, status, response, approval, payload_hash, created_at,
                    done_at)
values (%(key)s, %(case_id)s, %(kind)s, %(class)s, %(target)s, %(request)s, %(status)s, %(response)s, %(approval)s,
        %(payload_hash)s, %(created_at)s, %(done_at)s)
on conflict (key) do nothing returning key

-- name: has_unsent
select key from effect where case_id = %(case_id)s and status = 'pending' limit 1

-- name: claim_effects
-- Committed before the call. A row that is being sent is left alone until its claimer's time is over. What may have
-- left the house already is claimed again only where the same way out takes it twice as once; else a person looks.
with due as (
    select key, status as was, sent_through is not null or (status = 'sending' and claimed_by is null) as maybe_done
    from effect
    where (%(case_id)s::text is null or case_id = %(case_id)s) and kind = any(%(kinds)s)
      and receiver = %(receiver)s
      and not is_a_copy()
      and (not exists (select from database_restore)
           or not exists (select from effect_to_judge(effect.key)))
      and (status = 'pending' and coalesce(next_try_at, '-infinity') <= clock_timestamp()
        or status = 'sending' and coalesce(claimed_until, '-infinity') <= clock_timestamp())
    order by created_at, key limit %(limit)s for update skip locked
)
update effect e set
    status = case
        when maybe_done and (not %(repeatable)s or e.sent_through <> %(through)s) then 'ambiguous'
        when was = 'sending' and e.attempts >= %(most)s then 'failed'
        else 'sending' end,
    attempts = e.attempts + 1, claimed_by = %(claim)s,
    claimed_until = clock_timestamp() + make_interval(secs => %(lease_s)s),
    sent_through = case when maybe_done or not %(repeatable)s then e.sent_through else %(through)s end
from due where e.key = due.key
returning e.key, e.case_id, e.kind, e.target, e.request, e.status, e.attempts, e.sent_through, e.approval

-- name: begin_effect
-- From here on it may have happened. Nothing is sent where the claim is no longer ours.
update effect set sent_through = %(through)s, claimed_until = clock_timestamp() + make_interval(secs => %(lease_s)s)
where key = %(key)s and claimed_by = %(claim)s and status = 'sending' and claimed_until > clock_timestamp()
returning key

-- name: finish_effect
-- A late answer is still the answer, unless a person was faster.
update effect set status = 'done', response = %(response)s, done_at = %(now)s, last_error = null, next_try_at = null,
       sent_through = %(through)s
where key = %(key)s and claimed_by = %(claim)s and status in ('sending', 'ambiguous')

-- name: put_back_effect
-- It is tried again later, by and large: those that failed together come back apart. `counted`: this was a try.
update effect set status = 'pending', claimed_by = null, claimed_until = null, last_error = %(error)s,
       next_try_at = clock_timestamp() + make_interval(secs => %(after_s)s * (0.75 + random() / 2)),
       attempts = attempts - case when %(counted)s then 0 else 1 end,
       sent_through = case when %(maybe_done)s then sent_through end
where key = %(key)s and claimed_by = %(claim)s and status = 'sending'

-- name: park_effect
-- A person has to look: nobody knows whether it happened, or it cannot happen as it is.
update effect set status = %(status)s, last_error = %(error)s, noted = noted + 1,
       sent_through = case when %(status)s = 'ambiguous' then sent_through end
where key = %(key)s and claimed_by = %(claim)s and status in ('sending', %(status)s)
returning noted

-- name: add_webhook
-- The post of a booked order, beside its export to the folder; allowed by what allowed that one.
insert into effect (key, case_id, kind, class, target, receiver, request, approval, payload_hash, created_at)
select key || '@webhook', case_id, kind, class, target || '@webhook', 'webhook', request, approval, payload_hash, %(now)s
from effect where key = any(%(keys)s) and kind = 'export_order' and receiver = ''
on conflict (key) do nothing returning key, case_id, kind, target, approval

-- name: settle_effect
-- A person's word; the first one counts.
update effect set
    status = case %(how)s when 'sent' then 'done' when 'again' then 'pending' else 'dropped' end,
    response = case when %(how)s = 'sent' then %(response)s::jsonb else response end,
    done_at = case when %(how)s = 'sent' then %(now)s::timestamptz else done_at end,
    attempts = case when %(how)s = 'again' then 0 else attempts end,
    sent_through = case when %(how)s = 'again' then null else sent_through end,
    last_error = case when %(how)s = 'drop' then last_error end,
    next_try_at = null, claimed_by = null, claimed_until = null, noted = noted + 1
where key = %(key)s and status in ('ambiguous', 'failed')
returning key, case_id, kind, target, noted

-- name: find_effect
select key, status from effect where starts_with(key, %(prefix)s) order by key <> %(prefix)s, key limit 3

-- name: effects_of_case
select key, kind, class, target, request, status, response, attempts, approval, created_at, done_at, receiver,
       sent_through, next_try_at, last_error
from effect where case_id = %(case_id)s order by created_at, key

-- name: list_effects
-- Of a case, of a state, or without either whatever has not come to its end.
select key, case_id, kind, class, target, receiver, status, attempts, sent_through, claimed_by, claimed_until,
       next_try_at, last_error, approval, created_at, done_at, request->>'to' as recipient,
       request->>'message_id' as message_id
from effect
where (%(case_id)s::text is null or case_id = %(case_id)s)
  and case when %(state)s::text is not null then status = %(state)s
           else %(case_id)s::text is not null or status not in ('done', 'dropped') end
order by created_at desc, key limit %(limit)s
