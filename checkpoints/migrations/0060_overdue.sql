-- What nobody answers in time is reminded, then escalated; it never approves itself.

alter table review
    add column remind_at    timestamptz,
    add column escalate_at  timestamptz,
    add column reminded_at  timestamptz,
    add column escalated_at timestamptz;

alter table cases
    add column question            text,        -- the ledger target of the question the case last asked
    add column question_remind_at  timestamptz, -- null once it has been sent again
    add column question_expire_at  timestamptz,
    add column question_expired_at timestamptz; -- set = the case goes to a person
create index on cases (question_expire_at) where status = 'waiting_customer';
