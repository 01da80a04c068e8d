-- What leaves the house: who is sending an effect and until when, through what it was begun, and when it is due.

alter table effect
    add column receiver      text not null default '',  -- '' = the kind's own way out; 'webhook' = posted to the company
    add column claimed_by    text,                      -- the one sending; null in 'sending' = begun by an older version
    add column claimed_until timestamptz,               -- database time; until then nobody else touches it
    add column sent_through  text,                      -- set as soon as it may have left the house, by this way
    add column next_try_at   timestamptz,               -- database time
    add column last_error    text,
    add column noted         int not null default 0;    -- entries of the decision log about what became of it

-- failed: a person has to mend something. dropped: a person decided that it is not sent.
alter table effect drop constraint effect_status_check;
alter table effect add constraint effect_status_check
    check (status in ('pending', 'sending', 'done', 'ambiguous', 'failed', 'dropped'));

create index effect_due on effect (kind, created_at) where status in ('pending', 'sending');
create index effect_for_a_person on effect (created_at) where status in ('ambiguous', 'failed');
