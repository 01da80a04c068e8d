-- A database that was restored from a backup: how it is known, and what was sent between the backup and the loss.

-- Which database this is. A restored one, and any other copy, is another one and still names the first.
create function database_identity() returns text language sql stable as $$
    select (select system_identifier from pg_control_system())::text || '/'
        || (select oid from pg_database where datname = current_database())::text
$$;
create table desk_database (
    only_row boolean primary key default true check (only_row),
    identity text not null                              -- where the desk last ran; none = it never has
);
create function is_a_copy() returns boolean language sql stable as $$
    select exists (select from desk_database where identity <> database_identity())
$$;

create table database_restore (
    restore_id  bigint generated always as identity primary key,
    restored_at timestamptz not null,
    last_number bigint not null,                        -- the highest order number booked before the backup
    unproven    text not null check (unproven in ('park', 'send')),
    finished_at timestamptz                             -- null = messages are still handed in again
);

-- Mails of ours that a file, a log or a mailbox shows to have left the house. No word of them is kept.
create table sent_before (
    mail_id      text primary key,                      -- the Message-ID up to its @
    found_in     text not null,
    words_hash   text,                                  -- of recipient, subject and text; null = only seen in a log
    order_number text                                   -- the one it tells the customer, where it can be read
);

-- Orders that were exported, with the numbers they had.
create table exported_before (
    order_number text primary key,
    case_id      text,
    request_hash text not null,
    found_in     text not null
);
create index on exported_before (case_id);

alter table effect
    add column judged_in bigint references database_restore, -- the restore after which it was judged
    add column judged_as text check (judged_as in ('proven', 'differs', 'unproven'));

create index effect_judged on effect (key) where judged_as is not null;

-- What has to be judged before it may be claimed: what was sent already by what was found, and, where the operator
-- wants that looked at, what may have been sent: mails, and exports of orders that had another number perhaps, about
-- messages that were there before the loss. Messages without a date of their own may always have been.
-- `only_key`: that one alone; null = all.
create function effect_to_judge(only_key text) returns table (
    key text, case_id text, kind text, target text, request jsonb, attempts int, noted int, restore_id bigint,
    last_number bigint, found_in text, words_hash text, request_hash text, number_known boolean, order_number text
) language sql stable as $$
select e.key, e.case_id, e.kind, e.target, e.request, e.attempts, e.noted, r.restore_id, r.last_number,
       coalesce(s.found_in, x.found_in) as found_in, s.words_hash, x.request_hash,
       exists (select from sent_before n where n.order_number = c.order_number)
       or exists (select from exported_before n where n.order_number = c.order_number) as number_known,
       c.order_number
from (select * from database_restore order by restore_id desc limit 1) r
cross join effect e
join cases c on c.case_id = e.case_id
join message m on m.message_id = c.message_id
left join sent_before s on e.kind = 'send_mail' and s.mail_id = split_part(e.request->>'message_id', '@', 1)
left join exported_before x on e.kind = 'export_order' and x.order_number = e.target and x.case_id = e.case_id
where (only_key is null or e.key = only_key)
  and e.status in ('pending', 'sending') and e.receiver = '' and e.judged_in is distinct from r.restore_id
  and (e.status = 'pending' or coalesce(e.claimed_until, '-infinity') <= clock_timestamp())
  and (s.mail_id is not null or x.order_number is not null
       or r.finished_at is null and r.unproven = 'park' and coalesce(m.sent_at, '-infinity') < r.restored_at
          and (e.kind = 'send_mail'
               or e.kind = 'export_order' and substring(e.target from '[0-9]+$')::bigint > r.last_number))
$$;
