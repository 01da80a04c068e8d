-- What is erased when: the marks that retention leaves, and its runs.

alter table cases
    add column pruned_at         timestamptz,           -- its checkpoints are down to the latest
    add column thread_deleted_at timestamptz,           -- its checkpoints are gone
    add column answers_erased_at timestamptz,           -- what models answered about it is gone
    add column erased_at         timestamptz,           -- its message and all texts are gone; what it did stays
    add column log_deleted_at    timestamptz;           -- its decision log is gone
create index cases_done on cases (case_id) where status = 'done';

alter table message
    add column raw_erased_at timestamptz,
    add column erased_at     timestamptz,
    add column words_hash    text;                      -- of what it said, so that a relayed copy is still known

-- Every message a case needs: the one it came with, and the customer's answers.
create view message_case as
select message_id, case_id from cases union all select message_id, case_id from case_answer;

create index on case_answer (message_id);

-- One row per run, by the database's own clock: many workers do it once a day.
create table retention_run (
    run_id      bigint generated always as identity primary key,
    started_at  timestamptz not null default clock_timestamp(),
    finished_at timestamptz,                            -- null = it runs, or was killed
    done        jsonb                                   -- how many cases or messages, by step
);

-- The decision log stays append-only; retention alone may reduce or delete its rows, for one transaction.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
    if current_setting('orderdesk.purge', true) = 'on' then
        if tg_op = 'DELETE' then return old; end if;
        return new;
    end if;
    raise exception '% is append-only', tg_table_name;
end $$;
