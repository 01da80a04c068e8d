-- What must hold whatever has happened, asked of the tables alone. Each statement gives one sentence per violation.

-- name: i1_effects_at_their_end
-- Performed once, or a person's: nothing is still to be sent, and nothing hangs in the middle.
select format('I1: effect %%s is still %%s (%%s)', key, status, coalesce(last_error, 'no error noted')) as sentence
from effect where status in ('pending', 'sending') and not %(may_wait)s
union all
select format('I1: effect %%s is done without an answer on record', key)
from effect where status = 'done' and (response is null or done_at is null)
union all
select format('I1: effect %%s is %%s, and nobody was told (no entry of the decision log)', key, status)
from effect e where status in ('ambiguous', 'failed')
  and not exists (select from decision_log l where l.case_id = e.case_id and l.kind = 'failure'
                    and l.evidence->>'effect' = e.key)

-- name: i1_ledger_and_books_agree
-- Business rows and ledger rows change together: one order per booking, one booking per order.
select format('I1: case %%s has order %%s and %%s bookings of it in the ledger', o.case_id, o.order_number, b.n) as sentence
from sales_order o cross join lateral (
    select count(*) as n from effect e where e.case_id = o.case_id and e.kind = 'book_order' and e.status = 'done'
       and e.response->>'order_number' = o.order_number) b
where b.n <> 1
union all
select format('I1: effect %%s booked order %%s, which its case has not', e.key, e.response->>'order_number')
from effect e where e.kind = 'book_order'
  and not exists (select from sales_order o where o.case_id = e.case_id and o.order_number = e.response->>'order_number')
union all
select format('I1: order %%s of case %%s has no lines', o.order_number, o.case_id)
from sales_order o where not exists (select from sales_order_line l where l.order_number = o.order_number)
union all
select format('I1: order %%s of case %%s is exported %%s times', o.order_number, o.case_id, x.n)
from sales_order o cross join lateral (
    select count(*) as n from effect e where e.case_id = o.case_id and e.kind = 'export_order' and e.receiver = '') x
where x.n <> 1
union all
select format('I1: order %%s reserves stock without an effect that says so', o.order_number)
from sales_order o where exists (select from reservation r where r.order_number = o.order_number)
  and not exists (select from effect e where e.case_id = o.case_id and e.kind = 'reserve' and e.status = 'done')
union all
select format('I1: orders %%s of customer %%s are the same order, %%s', string_agg(o.order_number, ', '), o.customer_id,
              o.po_number)
from sales_order o where o.po_number <> '' and o.status <> 'cancelled'
group by o.customer_id, o.po_number having count(*) > 1

-- name: i2_nothing_vanishes
-- Every message has its cases, all of them, or is an answer to one.
select format('I2: message %%s (%%s) belongs to no case', m.message_id, m.source) as sentence
from message m where not exists (select from message_case c where c.message_id = m.message_id)
union all
select format('I2: message %%s has %%s cases, and the last is number %%s', message_id, count(*), max(position) + 1)
from cases group by message_id having count(*) <> max(position) + 1

-- name: i2_every_case_ends
-- At an end, or where a person or a customer is really waited for, who can be seen to be asked.
select format('I2: case %%s is %%s, outcome %%s, attempts %%s, error %%s', case_id, status, coalesce(outcome, 'none'),
              attempts, coalesce(left(error, 200), 'none')) as sentence
from cases
where status in ('queued', 'running') or outcome is null
   or (status = 'done') <> (outcome = any(%(final)s)) or (status <> 'done' and outcome <> status)
   or (status <> 'done' and not %(people_wait)s)
union all
select format('I2: case %%s is %%s without a report for the desk', case_id, outcome)
from cases where outcome is not null and (report is null or report->>'outcome' is distinct from outcome)
union all
select format('I2: case %%s waits for a person, and no review is open that could be answered', c.case_id)
from cases c where status = 'waiting_review'
  and (select count(*) from review r where r.case_id = c.case_id and r.closed_at is null
          and r.interrupt_id is not null) <> 1
union all
select format('I2: review %%s is open, and case %%s does not wait for it (%%s)', r.review_id, r.case_id, c.status)
from review r join cases c using (case_id) where r.closed_at is null and c.status <> 'waiting_review'
union all
select format('I2: case %%s waits for the customer, who was not asked', c.case_id)
from cases c where status = 'waiting_customer'
  and not exists (select from effect e where e.case_id = c.case_id and e.kind = 'send_mail' and e.target = c.question)
union all
select format('I2: case %%s waits for an answer that is here', c.case_id)
from cases c where status = 'waiting_customer'
  and (select count(*) from case_answer a where a.case_id = c.case_id) > c.answers_read
union all
select format('I2: case %%s is a dead letter, and its log does not say why', c.case_id)
from cases c where outcome = 'dead_letter' and (error is null or not exists (
    select from decision_log l where l.case_id = c.case_id and l.kind = 'failure'))
union all
select format('I2: case %%s is booked, and its order %%s is not there', c.case_id, c.order_number)
from cases c where outcome = 'booked'
  and not exists (select from sales_order o where o.case_id = c.case_id and o.order_number = c.order_number)
union all
select format('I2: order %%s is booked, and its case %%s is %%s', o.order_number, c.case_id, coalesce(c.outcome, c.status))
from sales_order o join cases c using (case_id) where c.outcome is distinct from 'booked'
union all
select format('I2: case %%s repeats order %%s, which nobody else has', c.case_id, c.order_number)
from cases c where outcome = 'duplicate'
  and not exists (select from sales_order o where o.order_number = c.order_number and o.case_id <> c.case_id)

-- name: i3_every_effect_is_allowed
-- By the gate for exactly this payload, or by a person who may, for exactly what they were shown.
select format('I3: effect %%s goes by policy, and no gate let this payload pass', e.key) as sentence
from effect e where e.approval = 'policy'
  and not exists (select from decision_log l where l.case_id = e.case_id and l.kind = 'gate'
                    and l.evidence->>'approval' = 'policy' and l.evidence->>'payload_hash' = e.payload_hash)
union all
select format('I3: effect %%s goes by policy, and customer %%s is %%s', e.key, u.customer_id, u.autonomy)
from effect e join cases c using (case_id) join customer u using (customer_id)
where e.approval = 'policy' and u.autonomy in ('shadow', 'assist') and e.kind <> 'send_mail'
union all
select format('I3: effect %%s rests on decision %%s, which is not one of its case for this payload', e.key, e.approval)
from effect e left join review_decision d on d.decision_id = e.approval and d.case_id = e.case_id
where e.approval <> 'policy' and case d.type
    when 'approve' then d.payload_hash <> e.payload_hash
    when 'edit' then not exists (
        select from decision_log l where l.case_id = e.case_id and l.kind = 'gate'
          and l.evidence->>'approval' = d.decision_id and l.evidence->>'payload_hash' = e.payload_hash)
    when 'respond' then e.kind <> 'send_mail' or e.target not like 'question-%%'
    else true end
union all
select format('I3: decision %%s on review %%s was taken by a %%s, a %%s was needed', d.decision_id, r.review_id, d.role, r.role)
from review_decision d join review r using (review_id)
where array_position('{viewer,clerk,manager,admin}', d.role) is null
   or array_position('{viewer,clerk,manager,admin}', d.role) < array_position('{viewer,clerk,manager,admin}', r.role)
union all
select format('I3: review %%s was approved by %%s people, %%s were needed', r.review_id, a.n, r.approvals_needed)
from review_decision d join review r using (review_id)
cross join lateral (select count(*) as n from review_approval a where a.review_id = r.review_id) a
where d.type = 'approve' and a.n < r.approvals_needed
union all
select format('I3: decision %%s is of another thing than review %%s showed', d.decision_id, r.review_id)
from review_decision d join review r using (review_id) where d.payload_hash <> r.payload_hash

-- name: i4_within_the_budget
-- Calls are counted before they are made; tokens and money may be overshot by the last call alone.
select format('I4: case %%s made %%s calls, %%s tokens, %%s USD', case_id, calls, tokens_in + tokens_out, cost_usd) as sentence
from case_spend where calls > %(calls)s or tokens_in + tokens_out > %(tokens)s or cost_usd > %(usd)s
union all
select format('I4: case %%s has %%s calls on record and %%s counted', s.case_id, m.n, s.calls)
from case_spend s cross join lateral (select count(*) as n from model_call m where m.case_id = s.case_id) m
where m.n > s.calls
union all
select format('I4: case %%s was worked on for %%s ms', case_id, latency_ms - fresh_from_ms)
from cases where latency_ms - fresh_from_ms > %(milliseconds)s

-- name: i5_everything_is_on_record
-- Each effect, each decision of a person, each outcome.
select format('I5: effect %%s has no entry in the decision log', e.key) as sentence
from effect e where not exists (
    select from decision_log l where l.case_id = e.case_id and l.evidence->>'effect' = e.key)
union all
select format('I5: the decision on review %%s by %%s is not in the log', d.review_id, d.actor)
from review_decision d where not exists (
    select from decision_log l where l.case_id = d.case_id and l.kind = 'review'
      and l.node = 'review:' || d.review_id || ':' || d.actor)
union all
select format('I5: the approval of review %%s by %%s is not in the log', a.review_id, a.actor)
from review_approval a join review r using (review_id) where not exists (
    select from decision_log l where l.case_id = r.case_id and l.kind = 'review'
      and l.node = 'review:' || a.review_id || ':' || a.actor)
union all
select format('I5: case %%s ended as %%s, and the log does not say so', c.case_id, c.outcome)
from cases c where c.status = 'done' and c.outcome <> 'dead_letter' and not exists (
    select from decision_log l where l.case_id = c.case_id and l.kind = 'effect' and l.node = 'perform:' || c.outcome)
union all
select format('I5: case %%s came to %%s past the gate', c.case_id, c.outcome)
from cases c where c.outcome is not null and c.outcome <> 'dead_letter' and not exists (
    select from decision_log l where l.case_id = c.case_id and l.kind = 'gate')

-- name: mails
-- What the ledger says about each mail: its Message-ID and its state.
select key, request->>'message_id' as message_id, status, attempts from effect where kind = 'send_mail'
