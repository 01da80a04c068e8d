-- What is left of a case in the end. Times, attempts and what it took are not compared; what people and customers see is.

-- name: tables
select format('%I', table_name) as name from information_schema.tables
where table_schema = 'public' and table_type = 'BASE TABLE' order by 1

-- name: sequences
select format('%I', sequencename) as name from pg_sequences where schemaname = 'public' and last_value is null

-- name: lock
select pg_advisory_lock(hashtextextended(%(case_id)s, 42))

-- name: unlock
select pg_advisory_unlock(hashtextextended(%(case_id)s, 42))

-- name: left_cases
select case_id, status, outcome, intent, customer_id, po_number, attempts, question_expired_at is not null as expired,
       report - '{latency_ms,steps,checkpoints}'::text[] as report, drive_began_at is null as put_down,
       report->'checkpoints' = to_jsonb((select count(*) from checkpoints k where k.thread_id = cases.thread_id))
           as counted
from cases order by case_id

-- name: left_steps
-- Each step of the graph once: a step that was finished is not run again.
select thread_id, metadata->>'source' as source, (metadata->>'step')::int as step
from checkpoints order by 1, 3, 2

-- name: left_log
select case_id, step, node, kind, actor, what from decision_log
where kind <> 'failure' order by case_id, step, node, kind, what

-- name: left_orders
select case_id, order_number, customer_id, po_number, net_total, currency, requested_date, ship_to_code
from sales_order order by order_number

-- name: left_lines
select order_number, line_number, sku, quantity, uom, base_quantity, unit_price, net, promised_date
from sales_order_line order by 1, 2

-- name: left_reservations
select order_number, line_number, sku, base_quantity from reservation order by 1, 2, 3

-- name: left_aliases
select customer_id, customer_ref, sku from learned_alias order by 1, 2

-- name: left_effects
select key, kind, receiver, target, request - 'date' as request, status, approval, payload_hash from effect order by key

-- name: left_reviews
select review_id, payload_hash, kind, attempt, interrupt_id is not null as shown, closed_at is not null as closed
from review order by 1

-- name: left_decisions
select decision_id, review_id, type, body, actor from review_decision order by decided_at

-- name: left_model_calls
select count(*) as calls from model_call
