-- name: insert_message
-- Stored once: the same Message-ID or the same bytes change nothing.
insert into message (message_id, header_message_id, content_hash, channel, source, idempotency_key, sender, subject,
                     in_reply_to, sent_at, received_at, raw, content)
values (%(message_id)s, %(header_message_id)s, %(content_hash)s, %(channel)s, %(source)s, %(idempotency_key)s,
        %(sender)s, %(subject)s, %(in_reply_to)s, %(sent_at)s, %(received_at)s, %(raw)s, %(content)s)
on conflict do nothing
returning message_id

-- name: find_message
-- The message that is already here under any of its three keys.
select message_id, content_hash, idempotency_key from message
where content_hash = %(content_hash)s or header_message_id = %(header_message_id)s
   or idempotency_key = %(idempotency_key)s
order by (content_hash = %(content_hash)s) desc, received_at limit 1

-- name: message_by_header
select content, content_hash, words_hash from message where header_message_id = %(header_message_id)s

-- name: insert_document
insert into message_document (document_id, message_id, name, sha256)
values (%(document_id)s, %(message_id)s, %(name)s, %(sha256)s)
on conflict (document_id) do nothing

-- name: insert_case
insert into cases (case_id, thread_id, message_id, position, business_date, priority, created_at)
values (%(case_id)s, %(thread_id)s, %(message_id)s, %(position)s, %(business_date)s, %(priority)s, %(created_at)s)
on conflict do nothing

-- name: cases_of_message
select case_id, thread_id, position, status, outcome from cases where message_id = %(message_id)s order by position

-- name: read_message
select message_id, content, source, channel, subject, sender, received_at, content_hash from message
where message_id = %(message_id)s

-- name: answers_of_case
-- The customer's answers, oldest first.
select m.message_id, m.content, m.received_at from case_answer a join message m using (message_id)
where a.case_id = %(case_id)s order by a.added_at

-- name: insert_answer
insert into case_answer (case_id, message_id, added_at) values (%(case_id)s, %(message_id)s, %(added_at)s)
on conflict do nothing

-- name: case_asked_in
-- The waiting case that one of our own mails to this sender belongs to.
select c.case_id from effect e join cases c using (case_id)
where e.kind = 'send_mail' and e.request->>'message_id' = any(%(references)s)
  and lower(e.request->>'to') = %(sender)s and c.status = 'waiting_customer'
order by e.created_at desc limit 1

-- name: case_of_answer
select case_id from case_answer where message_id = %(message_id)s limit 1

-- name: get_case
-- A case, what its model calls have cost so far, and how long it has been worked on, a drive that is on included.
select c.*, m.source, m.channel, m.subject, m.sender, m.received_at,
       (select cost from case_cost k where k.case_id = c.case_id) as cost,
       c.latency_ms + coalesce(extract(epoch from clock_timestamp() - c.drive_began_at) * 1000, 0)::bigint as worked_ms
from cases c join message m using (message_id)
where c.case_id = %(case_id)s

-- name: case_of_thread
select case_id from cases where thread_id = %(thread_id)s

-- name: lock_case
-- Held until the transaction ends: effects of one case never overlap.
select case_id, status, outcome, order_number, report from cases where case_id = %(case_id)s for update

-- name: set_case
-- Where the case stands now; what it has learned stays unless it learned better.
update cases set status = %(status)s, outcome = %(outcome)s, intent = coalesce(%(intent)s, intent),
       customer_id = coalesce(%(customer_id)s, customer_id), po_number = coalesce(%(po_number)s, po_number),
       order_number = coalesce(%(order_number)s, order_number),
       report = coalesce(%(report)s, report)
           || coalesce((select cost from case_cost k where k.case_id = %(case_id)s), %(no_cost)s),
       finished_at = case when %(status)s = 'done' then %(now)s else null end
where case_id = %(case_id)s
returning report

-- name: same_attachment
-- Earlier messages that carried one of these documents, byte for byte, and the order booked from each.
select d.name, m.received_at::date as received_on, coalesce(c.order_number, '') as order_number
from message_document d join message m using (message_id) join cases c using (message_id)
where d.sha256 = any(%(sha256)s) and d.message_id <> %(message_id)s
order by m.received_at limit 5

-- name: free_texts
-- What a person wrote: bodies and forwarded text, without attachments.
select d->>'text' as text from message, jsonb_array_elements(content->'documents') d
where message_id = %(message_id)s and d->>'role' in ('body', 'forwarded') and d->>'format' in ('text', 'html', 'email')

-- name: answers_were_read
update cases set answers_read = %(answers)s where case_id = %(case_id)s

-- name: question_was_asked
-- When an open question is sent once more, and when it goes to a person.
update cases set question = %(question)s, question_remind_at = %(remind_at)s, question_expire_at = %(expire_at)s,
       question_expired_at = null
where case_id = %(case_id)s

-- name: question_expired
select question_expired_at from cases where case_id = %(case_id)s and question_expired_at is not null

-- name: open_cases
-- Cases somebody has to bring further, most urgent first: new ones, those a crash left half-way, and those whose
-- decision or answer is on record but was not carried out yet.
select case_id from cases c
where status in ('queued', 'running')
   or (status = 'waiting_review'
       and not exists (select 1 from review r where r.case_id = c.case_id and r.closed_at is null))
   or (status = 'waiting_customer'
       and ((select count(*) from case_answer a where a.case_id = c.case_id) > answers_read
            or question_expired_at is not null))
order by priority desc, created_at limit %(limit)s

-- name: set_gate
update cases set gate_disposition = %(disposition)s, gate_payload_hash = %(payload_hash)s where case_id = %(case_id)s

-- name: get_gate
select gate_disposition, gate_payload_hash from cases where case_id = %(case_id)s
