-- Messages in, the cases they hold, and the documents a clerk is shown.

create table message (
    message_id        text primary key,                 -- uuid5 of the Message-ID or the content hash
    header_message_id text unique,                      -- RFC 5322 Message-ID without brackets; null for bare files
    content_hash      text not null unique,             -- SHA-256 of the raw bytes
    channel           text not null,                    -- command line, mailbox, folder, api, langgraph
    source            text not null,                    -- file name or address, as a person would name it
    idempotency_key   text unique,
    sender            text not null default '',
    subject           text not null default '',
    in_reply_to       text[] not null default '{}',
    sent_at           timestamptz,
    received_at       timestamptz not null,
    raw               bytea,                            -- erased by retention
    content           jsonb not null                    -- the message as read (ReadMessage)
);

create table message_document (
    document_id text primary key,
    message_id  text not null references message,
    name        text not null,
    sha256      text not null
);
create index on message_document (sha256);
create index on message_document (message_id);

create table cases (
    case_id       text primary key,
    thread_id     text not null unique,                 -- = case_id, but for threads born in LangGraph Server
    message_id    text not null references message,
    position      int  not null default 0,              -- 0-based: which order of the message
    business_date date not null,
    priority      int  not null default 0,              -- higher is served first
    status        text not null default 'queued'
                  check (status in ('queued', 'running', 'waiting_review', 'waiting_customer', 'done')),
    outcome       text,
    intent        text,
    customer_id   text,
    po_number     text,
    order_number  text,
    report        jsonb,                                -- the case as `process --json` prints it
    attempts      int not null default 0,
    error         text,                                 -- the last failure, in one sentence
    created_at    timestamptz not null,
    started_at    timestamptz,
    finished_at   timestamptz,
    answers_read  int not null default 0,               -- answers of the customer the case has gone on with
    latency_ms    int not null default 0,               -- time worked on it, without queue and waiting time
    unique (message_id, position)
);
create index on cases (status, priority desc, created_at);
create index on cases (customer_id, po_number);

-- Answers of the customer that belong to a case.
create table case_answer (
    case_id    text not null references cases,
    message_id text not null references message,
    added_at   timestamptz not null,
    primary key (case_id, message_id)
);

-- What the gate last decided about a case, so that perform can check it without trusting the state.
alter table cases add column gate_disposition text, add column gate_payload_hash text;
