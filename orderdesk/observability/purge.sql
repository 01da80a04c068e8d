-- What retention takes from the decision log; the log refuses any other change.

-- name: allow
-- For this transaction only.
select set_config('orderdesk.purge', %(on)s, true)

-- name: reduce_log
-- Step, worker, actor, figures and times stay. Reasons and evidence quote messages; so may the summary of a message's
-- arrival or of what was read out of it; what was performed names a person's reason, or the address a question went to.
update decision_log set
    why = case when node like 'effect:%%' and actor = 'policy' then why else 'erased by retention' end,
    evidence = case when kind = 'effect' then jsonb_strip_nulls(jsonb_build_object(
        'effect', evidence->'effect', 'class', evidence->'class', 'payload_hash', evidence->'payload_hash')) end,
    what = case when kind in ('intake', 'result') or what ~ '[^[:space:]@]@[^[:space:]@]+[.]' then kind
                when node like 'perform:%%' then split_part(what, ':', 1)
                else what end
where case_id = any(%(case_ids)s) and node <> 'retention'

-- name: delete_log
delete from decision_log where case_id = any(%(case_ids)s)
