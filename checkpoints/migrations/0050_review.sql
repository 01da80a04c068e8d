-- What waits for a person, and what people decided. First decision wins, bound to what was shown.

create table review (
    review_id        text primary key,      -- uuid5 of (case, payload hash, attempt)
    case_id          text not null references cases,
    interrupt_id     text unique,           -- the pending interrupt this review answers
    kind             text not null check (kind in ('fields', 'value', 'email', 'purchase', 'handoff')),
    payload          jsonb not null,        -- as shown (orderdesk.review/1)
    payload_hash     text not null,
    amount           numeric,
    currency         text,
    approvals_needed int not null default 1,
    role             text not null default 'clerk',
    attempt          int not null default 0,
    priority         int not null default 0,
    created_at       timestamptz not null,
    due_at           timestamptz not null,
    closed_at        timestamptz            -- decided, or no longer what the case waits for
);
create index on review (due_at) where closed_at is null;
create index on review (case_id);

-- One row per person who approved; the last one needed makes the decision.
create table review_approval (
    review_id text not null references review,
    actor     text not null,
    role      text not null,
    at        timestamptz not null,
    primary key (review_id, actor)
);

create table review_decision (
    decision_id  text primary key,
    review_id    text not null unique references review,
    interrupt_id text not null unique,
    case_id      text not null references cases,
    type         text not null check (type in ('approve', 'edit', 'reject', 'respond')),
    body         jsonb not null,            -- edited args, message
    payload_hash text not null,             -- of what was shown
    actor        text not null,
    role         text not null,
    decided_at   timestamptz not null
);
create index on review_decision (case_id);
