-- A restored database: what was sent before the loss is known again, and nothing of it is sent twice.

-- name: is_a_copy
select is_a_copy()

-- name: this_is_ours
-- From now on the desk runs here.
insert into desk_database (identity) values (database_identity())
on conflict (only_row) do update set identity = excluded.identity where desk_database.identity <> excluded.identity

-- name: first_use
-- A database that no desk has run on yet is ours.
insert into desk_database (identity) values (database_identity()) on conflict do nothing

-- name: lock_restores
-- One judge of a restore at a time.
lock table database_restore in share row exclusive mode

-- name: latest_restore
select restore_id, restored_at, last_number, unproven, finished_at from database_restore
order by restore_id desc limit 1

-- name: begin_restore
insert into database_restore (restored_at, last_number, unproven)
select %(now)s, coalesce(max(substring(order_number from '[0-9]+$')::bigint), 0), %(unproven)s from sales_order
returning restore_id, last_number

-- name: free_claims
-- Whoever was sending when the backup was taken is gone, and so are its claims.
update effect set claimed_until = null where status = 'sending'

-- name: change_restore
update database_restore set unproven = %(unproven)s, finished_at = %(finished_at)s where restore_id = %(restore_id)s

-- name: add_sent
-- What knows the words of a mail is worth more than a line of a log.
insert into sent_before (mail_id, found_in, words_hash, order_number)
values (%(mail_id)s, %(found_in)s, %(words_hash)s, %(order_number)s)
on conflict (mail_id) do update set found_in = excluded.found_in, words_hash = excluded.words_hash,
       order_number = excluded.order_number
where sent_before.words_hash is null and excluded.words_hash is not null

-- name: add_exported
insert into exported_before (order_number, case_id, request_hash, found_in)
values (%(order_number)s, %(case_id)s, %(request_hash)s, %(found_in)s) on conflict do nothing

-- name: raise_numbers
-- No number that somebody has seen is given to another order.
with known as (
    select greatest(%(highest)s,
        (select max(substring(order_number from '[0-9]+$')::bigint) from exported_before),
        (select max(substring(order_number from '[0-9]+$')::bigint) from sent_before)) as highest
), held as (
    select case when is_called then last_value else last_value - 1 end as highest from sales_order_number
)
select held.highest as before, case when known.highest > held.highest
    then setval('sales_order_number', known.highest) else held.highest end as after
from known, held

-- name: judge_again
-- Parked ones that a proof was found of, or that the operator has sent after all, are judged or sent like new ones.
-- What may have been on its way when the backup was taken stays a person's.
update effect e set status = 'pending', judged_in = case when proven then null else e.judged_in end,
       claimed_by = null, claimed_until = null, next_try_at = null
from (
    select e.key, s.mail_id is not null as proven from effect e
    left join sent_before s on e.kind = 'send_mail' and s.mail_id = split_part(e.request->>'message_id', '@', 1)
    where e.status in ('ambiguous', 'failed') and e.receiver = ''
      and (s.mail_id is not null
           or %(unproven)s = 'send' and e.judged_in = %(restore_id)s and e.judged_as = 'unproven'
              and e.sent_through is null)
    for update of e
) found
where e.key = found.key

-- name: lock_to_judge
-- Waits for whoever holds one of them: what is judged is either claimed by nobody or judged by somebody else.
select key from effect e
where exists (select from database_restore) and status in ('pending', 'sending')
  and key in (select j.key from effect_to_judge(null) j)
order by created_at, key limit %(limit)s for update

-- name: to_judge
select * from effect_to_judge(null) where key = any(%(keys)s) order by key

-- name: judged
update effect set status = %(status)s, judged_in = %(restore_id)s, judged_as = %(judged_as)s, response = %(response)s,
       done_at = %(done_at)s, last_error = %(error)s, noted = noted + 1, next_try_at = null, claimed_by = null,
       claimed_until = null
where key = %(key)s

-- name: count_judged
select judged_as, count(*) as n from effect where judged_in = %(restore_id)s group by judged_as

-- name: exports_to_post
select key from effect e
where exists (select from database_restore) and kind = 'export_order' and judged_as in ('proven', 'differs')
  and not exists (select from effect w where w.key = e.key || '@webhook')
limit 100

-- name: unmatched
-- What has left the house and the desk knows nothing of: its message is not handed in again yet, or was decided
-- differently this time.
select 'mail' as kind, mail_id as what, found_in from sent_before s
where not exists (select from effect e where e.kind = 'send_mail'
                  and split_part(e.request->>'message_id', '@', 1) = s.mail_id)
union all
select 'order', order_number, found_in from exported_before x
where not exists (select from sales_order o where o.order_number = x.order_number and o.case_id = x.case_id)
order by kind desc, what
