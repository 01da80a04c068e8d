-- name: begin_drive
-- A worker starts on a case; a finished case is left alone. A drive that never came to an end was killed: nobody
-- can say how long it lived, so what passed since counts, up to a share of the allowance that is used up when it
-- has died as often as a case may. A start after which a step was finished was not in vain: it is not counted, nor is
-- one that only the database cut short (`counts` is 0).
update cases set status = case when status in ('queued', 'running') then 'running' else status end,
       started_at = coalesce(started_at, %(now)s), attempts = %(counts)s + case
           when drive_began_at is not null and begun_at is distinct from latest.step then 0 else attempts end,
       begun_at = latest.step, drive_began_at = clock_timestamp(),
       latency_ms = latency_ms + case when drive_began_at is null then 0 else greatest(0,
           least(extract(epoch from clock_timestamp() - drive_began_at) * 1000, %(share_ms)s))::int end
from (select max(k.checkpoint_id) as step from cases c left join checkpoints k on k.thread_id = c.thread_id
      where c.case_id = %(case_id)s) latest
where case_id = %(case_id)s and status <> 'done'
returning thread_id, status, attempts, priority, latency_ms, latency_ms - fresh_from_ms as used_ms

-- name: end_drive
-- What a drive cost, and the figures of the report that only the driver knows. A drive that brought the case to no
-- stop keeps its attempt, so that it is not begun for ever.
update cases set latency_ms = latency_ms + %(latency_ms)s, error = null, drive_began_at = null,
       attempts = case when status in ('queued', 'running') then attempts else 0 end,
       report = report || jsonb_build_object(
           'latency_ms', latency_ms + %(latency_ms)s,
           'steps', (select max((metadata->>'step')::int) from checkpoints where thread_id = cases.thread_id),
           'checkpoints', (select count(*) from checkpoints where thread_id = cases.thread_id))
where case_id = %(case_id)s
returning report, outcome, status

-- name: end_killed_drive
-- Whoever brought a case to its end was killed before it could note what that cost; a thread is then one step short.
update cases set drive_began_at = null, attempts = 0, error = null,
       latency_ms = latency_ms + worked.ms,
       report = report || jsonb_build_object(
           'latency_ms', latency_ms + worked.ms,
           'steps', (select max((metadata->>'step')::int) from checkpoints where thread_id = cases.thread_id),
           'checkpoints', (select count(*) from checkpoints where thread_id = cases.thread_id))
from (select case_id, greatest(0, least(extract(epoch from clock_timestamp() - drive_began_at) * 1000,
                                        %(share_ms)s))::int as ms
      from cases where case_id = %(case_id)s and status = 'done' and drive_began_at is not null) worked
where cases.case_id = worked.case_id

-- name: record_failure
update cases set error = %(error)s, latency_ms = latency_ms + %(latency_ms)s, drive_began_at = null
where case_id = %(case_id)s
returning attempts, status,
          (select count(*) from decision_log l where l.case_id = %(case_id)s and l.node = 'drive')::int as logged

-- name: not_begun
-- The start did not count: what stopped it has nothing to do with the case. What it took does, in milliseconds.
update cases set attempts = greatest(attempts - 1, 0), drive_began_at = null, latency_ms = latency_ms + %(worked_ms)s
where case_id = %(case_id)s

-- name: thread_facts
-- What is known of a case beside its thread: how far it was, what was done for it, whether anybody has said or been
-- told anything, and how often its thread was lost, in all and since a person last took it up again.
select coalesce(max(l.step), 0) as steps, count(*) filter (where l.node = 'thread')::int as lost,
       count(*) filter (where l.node = 'thread' and l.seq > coalesce(
           (select max(r.seq) from decision_log r where r.case_id = %(case_id)s and r.node = 'retry'), 0)) > 0 as lost_lately,
       (select coalesce(array_agg(e.kind || ' ' || e.target order by e.created_at, e.key), '{}') from effect e
           where e.case_id = %(case_id)s) as effects,
       (select count(*) from effect e where e.case_id = %(case_id)s and e.kind = 'send_mail'
           and e.target like 'question-%%')::int as rounds,
       exists (select from effect e where e.case_id = %(case_id)s)
           or exists (select from case_answer a where a.case_id = %(case_id)s)
           or exists (select from review v join review_approval p using (review_id) where v.case_id = %(case_id)s)
           or exists (select from review_decision d where d.case_id = %(case_id)s) as said,
       (select coalesce(jsonb_agg(d.body->'args' order by d.decided_at), '[]') from review_decision d
           where d.case_id = %(case_id)s and d.type = 'edit') as edits
from decision_log l where l.case_id = %(case_id)s

-- name: fresh_allowance
-- A person has decided: the case may be worked on for as long again, once for each decision.
update cases set fresh_from_ms = latency_ms, fresh_for = %(decision_id)s
where case_id = %(case_id)s and fresh_for is distinct from %(decision_id)s
returning latency_ms

-- name: decisions_for
-- Recorded decisions by the interrupts they answer.
select interrupt_id, decision_id from review_decision where interrupt_id = any(%(interrupt_ids)s)

-- name: answers_for
-- How many answers a case has, and whether its question has expired.
select (select count(*) from case_answer a where a.case_id = c.case_id) as answers, c.question_expired_at
from cases c where c.case_id = %(case_id)s

-- name: list_cases
select c.case_id, c.status, c.outcome, c.intent, c.customer_id, c.po_number, c.order_number, c.created_at,
       c.report->>'net_total' as net_total, c.report->>'currency' as currency, m.source, m.subject, m.sender, c.error
from cases c join message m using (message_id)
where %(status)s::text is null or c.status = %(status)s or c.outcome = %(status)s
order by c.created_at desc limit %(limit)s

-- name: find_case
select case_id from cases where starts_with(case_id, %(prefix)s) limit 3

-- name: stats
select
  (select count(*) from cases) as cases,
  (select coalesce(jsonb_object_agg(outcome, n), '{}') from
      (select outcome, count(*) as n from cases where outcome is not null group by outcome) o) as outcomes,
  (select count(*) from sales_order) as orders,
  (select count(*) from sales_order_line) as order_lines,
  (select jsonb_build_object(
      'done', count(*) filter (where status = 'done'), 'pending', count(*) filter (where status = 'pending'),
      'sending', count(*) filter (where status = 'sending'),
      'ambiguous', count(*) filter (where status = 'ambiguous')) from effect) as effects,
  (select count(*) from review where closed_at is null) as reviews_waiting,
  (select count(*) from cases where status = 'waiting_customer') as questions_waiting,
  (select count(*) from cases where outcome = 'dead_letter') as dead_letters,
  (select count(*) from decision_log where kind = 'failure') as incidents,
  spend.*,
  (select coalesce(percentile_disc(0.5) within group (order by latency_ms), 0) from cases
      where finished_at is not null) as p50_ms,
  (select coalesce(percentile_disc(0.95) within group (order by latency_ms), 0) from cases
      where finished_at is not null) as p95_ms
from (select coalesce(sum(calls), 0)::bigint as model_calls, coalesce(sum(tokens_in), 0)::bigint as tokens_in,
             coalesce(sum(tokens_out), 0)::bigint as tokens_out, trim_scale(coalesce(sum(cost_usd), 0)) as cost_usd,
             coalesce(sum(unpriced), 0)::bigint as unpriced_calls
      from case_spend) spend

-- name: engine
-- How the engine stands, beside the figures of the cases: effects a person had to see to, incidents, jobs by queue,
-- workers by their heartbeat. Each worker process is two of those: one for cases, one for upkeep.
select
  (select jsonb_build_object(
      'failed', count(*) filter (where status = 'failed'),
      'dropped', count(*) filter (where status = 'dropped')) from effect) as effects,
  (select count(*) from incident where closed_at is null) as open_incidents,
  (select greatest(0, coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0))::bigint from cases
      where status = 'queued') as oldest_waiting_s,
  (select count(*) from procrastinate_workers
      where last_heartbeat > clock_timestamp() - interval '30 seconds') as workers_alive,
  jsonb_build_object('cases', count(*) filter (where queue_name = 'cases' and status = 'todo'),
                     'upkeep', count(*) filter (where queue_name = 'upkeep' and status = 'todo')) as jobs_waiting,
  jsonb_build_object('cases', count(*) filter (where queue_name = 'cases' and status = 'doing'),
                     'upkeep', count(*) filter (where queue_name = 'upkeep' and status = 'doing')) as jobs_doing
from procrastinate_jobs where status in ('todo', 'doing')

-- name: requeue
-- A person takes a case up again that ended as a dead letter, or was handed over: with a fresh allowance of time.
update cases set status = 'queued', outcome = null, error = null, attempts = 0, finished_at = null,
       fresh_from_ms = latency_ms, drive_began_at = null
where case_id = %(case_id)s and erased_at is null and (outcome = 'dead_letter' or %(handed_over)s)
returning latency_ms, (select count(*) from decision_log l where l.case_id = %(case_id)s and l.node = 'retry')::int as retries

-- name: close_handoff
-- The open review of a case in which the desk says that it cannot complete it.
update review set closed_at = %(now)s
where case_id = %(case_id)s and closed_at is null and jsonb_typeof(payload->'review'->'handoff') = 'object'
returning review_id

-- name: last_reason
-- The latest reason on record: of the gate, or of a failure after it.
select why, evidence from decision_log where case_id = %(case_id)s and kind in ('gate', 'failure')
order by seq desc limit 1

-- name: questions_to_repeat
-- Open questions nobody has answered, to be sent once more.
select c.case_id, c.question, e.request, e.approval, e.payload_hash
from cases c join effect e on e.case_id = c.case_id and e.kind = 'send_mail' and e.target = c.question
where c.status = 'waiting_customer' and c.question_remind_at <= %(now)s and c.question_expired_at is null
  and (select count(*) from case_answer a where a.case_id = c.case_id) <= c.answers_read
for update of c skip locked

-- name: question_repeated
update cases set question_remind_at = null where case_id = %(case_id)s

-- name: expire_questions
-- Open questions nobody answered in time: the case goes to a person.
update cases set question_expired_at = %(now)s
where status = 'waiting_customer' and question_expire_at <= %(now)s and question_expired_at is null
  and (select count(*) from case_answer a where a.case_id = cases.case_id) <= answers_read
returning case_id, question
