-- Everything the desk decided, with its reason: the record of account. Rows are only ever added.

create table decision_log (
    id         text primary key,            -- uuid5 of (case, step, node, n): a replayed step writes nothing new
    seq        bigint generated always as identity,
    case_id    text not null,
    step       int  not null,
    node       text not null,
    kind       text not null,               -- route, result, gate, effect, review, note, failure
    actor      text not null,               -- 'rules', a person, a model
    what       text not null,
    why        text not null,
    confidence double precision,
    evidence   jsonb,
    latency_ms int,
    tokens_in  int not null default 0,
    tokens_out int not null default 0,
    cost_usd   numeric,                     -- null = unknown, never zero for unknown
    at         timestamptz not null
);
create index on decision_log (case_id, seq);

create function refuse_change() returns trigger language plpgsql as $$
begin
    if current_setting('orderdesk.purge', true) = 'on' then return old; end if;
    raise exception '% is append-only', tg_table_name;
end $$;
create trigger append_only before update or delete on decision_log
    for each row execute function refuse_change();
