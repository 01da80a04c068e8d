-- How long a case may be worked on, across drives and workers, and what it has cost, as its report says it.

alter table cases
    add column drive_began_at timestamptz,             -- set while a drive is on; left behind by one that was killed
    add column fresh_from_ms  int not null default 0,  -- latency_ms when a person last gave it a fresh allowance
    add column fresh_for      text;                    -- the decision that allowance was given for

-- A price that is not known makes the sum unknown: null, never a sum that looks like the whole. So does a call that
-- was counted but never written down, as its process was killed while it waited.
create view case_cost as
select case_id, jsonb_build_object(
    'model_calls', calls, 'tokens_in', tokens_in, 'tokens_out', tokens_out,
    'cost_usd', case when unpriced = 0 and calls <= (select count(*) from model_call m where m.case_id = s.case_id)
        then trim_scale(cost_usd)::text end) as cost
from case_spend s;
