-- What calls to models and outside tools leave behind: shared breakers, what each case has spent, its answers.

-- One row per model or tool that is called. Times are the database's own, so that clocks of machines do not matter.
create table breaker (
    name        text primary key,
    state       text not null default 'closed' check (state in ('closed', 'open', 'half_open')),
    failures    int  not null default 0,                 -- in a row, while closed
    openings    int  not null default 0,                 -- in a row without a success between: each is longer
    generation  bigint not null default 0,               -- raised at every change of state: a late result says nothing
    retry_at    timestamptz,                             -- open: not before; half open: the probe counts as lost from then
    last_error  text,
    changed_at  timestamptz not null default clock_timestamp()
);

-- What a case has spent on models: a resume or another worker goes on from here.
create table case_spend (
    case_id       text primary key,                      -- also of a worker that is tried alone, without a case
    calls         int    not null default 0,             -- requests sent, failed ones too
    tokens_in     bigint not null default 0,
    tokens_out    bigint not null default 0,
    cost_usd      numeric not null default 0,            -- of the calls whose price is known
    unpriced      int    not null default 0,             -- calls whose cost is not known
    updated_at    timestamptz not null default clock_timestamp()
);

-- Every request to a model, failed ones too.
create table model_call (
    id            bigint generated always as identity primary key,
    case_id       text not null,
    agent         text not null,                         -- reader, matcher, supervisor, correspondent
    model         text not null,                         -- the rung, as named in ORDERDESK_MODELS
    prompt        text not null,                         -- name and version of the prompt file
    input_hash    text not null,
    outcome       text not null,                         -- 'answered' or the kind of failure
    why           text not null default '',
    alert         boolean not null default false,        -- somebody has to mend a setting or the program
    tokens_in     int,                                   -- null = not known
    tokens_out    int,
    tokens_cached int,
    tokens_reasoning int,
    cost_usd      numeric,                               -- null = not known
    latency_ms    int not null,
    at            timestamptz not null
);
create index on model_call (case_id, id);
create index on model_call (model, id);

-- An answered question is never paid twice: a worker that starts again finds its answer here.
create table model_answer (
    case_id       text not null,
    prompt        text not null,                         -- name and version of the prompt file
    input_hash    text not null,
    model         text not null,
    answer        jsonb not null,
    at            timestamptz not null,
    primary key (case_id, prompt, input_hash)
);
