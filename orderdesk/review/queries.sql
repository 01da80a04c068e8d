-- name: open_review
-- One review per thing shown; opening it again changes nothing.
insert into review (review_id, case_id, kind, payload, payload_hash, amount, currency, approvals_needed, role, attempt,
                    priority, created_at, due_at, remind_at, escalate_at)
values (%(review_id)s, %(case_id)s, %(kind)s, %(payload)s, %(payload_hash)s, %(amount)s, %(currency)s,
        %(approvals_needed)s, %(role)s, %(attempt)s, %(priority)s, %(created_at)s, %(due_at)s,
        %(remind_at)s, %(escalate_at)s)
on conflict (review_id) do nothing

-- name: close_other_reviews
-- A case waits for one review at a time: what is no longer shown can no longer be decided.
update review set closed_at = %(now)s where case_id = %(case_id)s and review_id <> %(review_id)s and closed_at is null

-- name: close_reviews
update review set closed_at = %(now)s where case_id = %(case_id)s and closed_at is null

-- name: link_interrupt
update review set interrupt_id = %(interrupt_id)s
where review_id = %(review_id)s and interrupt_id is distinct from %(interrupt_id)s
  and not exists (select 1 from review_decision d where d.review_id = %(review_id)s)

-- name: list_open
select r.review_id, r.case_id, r.kind, r.amount, r.currency, r.approvals_needed, r.role, r.created_at, r.due_at,
       r.interrupt_id, r.payload->'action_requests'->0->>'description' as description,
       c.po_number, c.customer_id, m.source, m.subject, m.sender,
       (select count(*) from review_approval a where a.review_id = r.review_id) as approvals
from review r join cases c using (case_id) join message m using (message_id)
where r.closed_at is null order by r.escalated_at is null, r.due_at, r.created_at limit %(limit)s

-- name: get_review
select r.*, (select array_agg(a.actor) from review_approval a where a.review_id = r.review_id) as approved_by,
       d.decision_id, d.type as decision_type, d.actor as decided_by, d.decided_at, d.body as decision_body
from review r left join review_decision d using (review_id) where r.review_id = %(review_id)s

-- name: find_review
-- By the start of its id, so that people can type a short one.
select review_id from review where starts_with(review_id, %(prefix)s) order by closed_at nulls first, review_id limit 3

-- name: lock_review
select * from review where review_id = %(review_id)s for update

-- name: add_approval
insert into review_approval (review_id, actor, role, at) values (%(review_id)s, %(actor)s, %(role)s, %(at)s)
on conflict do nothing returning actor

-- name: count_approvals
select count(*) as n from review_approval where review_id = %(review_id)s

-- name: insert_decision
-- First decision wins; a second one for the same review writes nothing.
insert into review_decision (decision_id, review_id, interrupt_id, case_id, type, body, payload_hash, actor, role,
                             decided_at)
values (%(decision_id)s, %(review_id)s, %(interrupt_id)s, %(case_id)s, %(type)s, %(body)s, %(payload_hash)s,
        %(actor)s, %(role)s, %(decided_at)s)
on conflict do nothing returning decision_id

-- name: close_review
update review set closed_at = %(now)s where review_id = %(review_id)s

-- name: decision_of_interrupt
select * from review_decision where interrupt_id = %(interrupt_id)s

-- name: get_decision
select * from review_decision where decision_id = %(decision_id)s

-- name: decisions_of_case
select d.*, r.kind from review_decision d join review r using (review_id) where d.case_id = %(case_id)s
order by d.decided_at

-- name: remind
-- Reviews waiting longer than they should, each once.
update review set reminded_at = %(now)s
where closed_at is null and reminded_at is null and remind_at <= %(now)s
returning review_id, case_id, role, due_at

-- name: escalate
-- Nobody decided in time: it is a manager's now, and first in the list. It stays open until a person decides.
update review set escalated_at = %(now)s, role = case role when 'clerk' then 'manager' else role end
where closed_at is null and escalated_at is null and escalate_at <= %(now)s
returning review_id, case_id, role
