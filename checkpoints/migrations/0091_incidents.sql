-- What reconciliation finds: incidents that a person has to see, and how each waiting case's thread really stands.

create table incident (
    incident_id text primary key,                       -- uuid5 of kind and subject: raised once
    kind        text not null,
    subject     text not null,                          -- an effect's key, a thread, a case
    case_id     text,
    what        text not null,                          -- one sentence, without anything a customer wrote
    needed      text not null,                          -- what a person has to do
    times       int not null default 1,                 -- how often it was raised
    raised_at   timestamptz not null default clock_timestamp(),
    closed_at   timestamptz                             -- it was no longer found
);
create index incident_open on incident (kind, subject) where closed_at is null;

-- Where LangGraph Server handed a message to a thread: whether the desk came to know it is asked every few minutes.
create index checkpoints_server_input on checkpoints (thread_id)
    where metadata ->> 'run_id' is not null and metadata ->> 'source' = 'input';

-- Of each case that waits: the interrupt its thread stands at, its open reviews, and the decisions on record.
create view waiting_thread as
select c.case_id, c.status, c.thread_id, k.from_server, k.ts, w.task_id, w.task_path, r.open_reviews, r.interrupt_id,
       array(select d.interrupt_id from review_decision d where d.case_id = c.case_id) as decided
from cases c
left join lateral (
    select checkpoint_id, metadata ->> 'run_id' is not null as from_server, (checkpoint ->> 'ts')::timestamptz as ts
    from checkpoints where thread_id = c.thread_id and checkpoint_ns = '' order by checkpoint_id desc limit 1
) k on true
left join lateral (
    select task_id, task_path from checkpoint_writes
    where thread_id = c.thread_id and checkpoint_ns = '' and checkpoint_id = k.checkpoint_id
      and channel = '__interrupt__'
    order by task_id limit 1
) w on true
cross join lateral (
    select count(*) as open_reviews, min(interrupt_id) as interrupt_id
    from review where case_id = c.case_id and closed_at is null
) r
where c.status in ('waiting_review', 'waiting_customer');
